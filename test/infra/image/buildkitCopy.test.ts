import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import {
    buildkitDockerfile,
    buildkitTag,
    copyBuildkit,
    type BuildkitCopyArgs,
} from "../../../infra/image/buildkitCopy";
import { buildkitReference, buildkitRelease } from "../../../infra/plan/buildkitRelease";
import { digestOf, registry } from "../../../local/mocks/mockOutputs";
import { isKnown, mockPulumi, type MockOptions, valueOf } from "../../../local/mocks/mockPulumi";

const digest = `sha256:${"a1b2c3d4e5f6".padEnd(64, "0")}`;

async function copy(args: Partial<BuildkitCopyArgs> = {}, options: MockOptions = {}) {
    const world = await mockPulumi(options);
    const credentials = {
        address: pulumi.output(`${registry}/shop`),
        username: pulumi.output("AWS"),
        password: pulumi.secret("registry-token"),
    };
    const repositoryUrl = pulumi.output(`${registry}/shop`);
    const image = copyBuildkit("buildkit", { source: buildkitReference, repositoryUrl, credentials, ...args }, {});
    await world.settle();
    return { world, image };
}

describe("copyBuildkit", () => {
    it("declares an image of one instruction, for both kinds of build host, which stays in the registry", async () => {
        const { world, image } = await copy();
        assert.deepEqual(world.tree(), ["Image buildkit"]);
        const { inputs, options } = world.resource("buildkit");
        assert.deepEqual(inputs, {
            tags: [`${registry}/shop:tool-buildkit-${buildkitRelease.version}`],
            context: { location: "node_modules/.cache/cached-image-pipeline/empty-context" },
            dockerfile: { inline: `# check=error=true\nFROM ${buildkitReference}\n` },
            platforms: ["linux/arm64", "linux/amd64"],
            exports: [{ raw: "type=image,push=true,compression=zstd,oci-mediatypes=true" }],
            network: "default",
            registries: [{ address: `${registry}/shop`, username: "AWS", password: { secret: "registry-token" } }],
            push: false,
            buildOnPreview: false,
        });
        assert.deepEqual(fs.readdirSync(inputs["context"].location), []);
        assert.deepEqual(options, { retainOnDelete: true });
        assert.equal(await valueOf(image), `${registry}/shop@${digestOf("buildkit")}`);
    });

    it("is known after the update only, while it is copied", async () => {
        const { image } = await copy({}, { preview: true });
        assert.equal(await isKnown(image), false);
    });
});

describe("buildkitTag", () => {
    const table: [source: string, tag: string][] = [
        [buildkitReference, `tool-buildkit-${buildkitRelease.version}`],
        ["registry.example.com/buildkit:v0.34.0-rootless", "tool-buildkit-0.34.0-rootless"],
        ["127.0.0.1:5000/base/buildkit:1", "tool-buildkit-1"],
        ["127.0.0.1:5000/base/buildkit:vendor", "tool-buildkit-vendor"],
        [`127.0.0.1:5000/base/buildkit@${digest}`, "tool-buildkit-a1b2c3d4e5f6"],
        [`registry.example.com/buildkit:v1@${digest}`, "tool-buildkit-1"],
    ];
    for (const [source, tag] of table) {
        it(`is ${tag} for ${source}`, () => assert.equal(buildkitTag(source), tag));
    }
});

describe("buildkitDockerfile", () => {
    it("makes an error of what Docker only warns of: an image of another platform", () => {
        assert.equal(buildkitDockerfile("a.b/c:1"), "# check=error=true\nFROM a.b/c:1\n");
    });
});
