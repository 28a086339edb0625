import assert from "node:assert/strict";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { BatchGetProjectsCommand } from "@aws-sdk/client-codebuild";
import { BatchGetImageCommand } from "@aws-sdk/client-ecr";
import { worldDirectory } from "../../local/paths";
import { worldLayout } from "../../local/world/services/layout";
import {
    awsClients,
    emptyBuilder,
    engineWorld,
    type EngineWorld,
    singleFile,
    TestStack,
    writeContext,
} from "../support/engineWorld";
import { runProject } from "./projectRun";

/** Used parts of an index, and of an image. */
interface Manifest {
    manifests: { digest: string; platform: { os: string; architecture: string } }[];
    layers: { digest: string }[];
}

const tag = "tool-buildkit-stand-in";

describe("the copy of BuildKit", function () {
    this.timeout(180_000);
    let engine: EngineWorld;
    let stack: TestStack;
    let outputs: Record<string, string>;

    before(async () => {
        engine = await engineWorld();
        const context = await writeContext("copy-app", singleFile("1"));
        stack = await TestStack.open(engine, "copy", { images: [{ name: "app", context }] });
        outputs = (await stack.up()).outputs as Record<string, string>;
    });

    /** Reads a manifest of a repository, by tag or digest. */
    async function manifest(repositoryName: string, reference: string) {
        const imageIds = [reference.startsWith("sha256:") ? { imageDigest: reference } : { imageTag: reference }];
        const { images = [] } = await awsClients(engine).ecr.send(
            new BatchGetImageCommand({ repositoryName, imageIds }),
        );
        const [image] = images;
        assert.ok(image, `${repositoryName} has no ${reference}`);
        return { digest: image.imageId!.imageDigest!, ...(JSON.parse(image.imageManifest!) as Manifest) };
    }

    it("is an index of both platforms in the image's repository, with the layers of its source", async () => {
        const copy = await manifest("cached-image-pipeline-copy", tag);
        const source = await manifest("base/buildkit", "stand-in");
        const described = ({ manifests }: Manifest) =>
            manifests.map(({ platform }) => `${platform.os}/${platform.architecture}`).sort();
        assert.deepEqual(described(copy), ["linux/amd64", "linux/arm64"]);
        const layers = async (repository: string, { manifests }: Manifest) =>
            (await Promise.all(manifests.map(({ digest }) => manifest(repository, digest))))
                .flatMap((one) => one.layers.map(({ digest }) => digest))
                .sort();
        assert.deepEqual(await layers("cached-image-pipeline-copy", copy), await layers("base/buildkit", source));
    });

    it("is what the CodeBuild project starts, by its digest", async () => {
        const { digest } = await manifest("cached-image-pipeline-copy", tag);
        const { projects } = await awsClients(engine).codebuild.send(
            new BatchGetProjectsCommand({ names: [outputs.buildProjectName!] }),
        );
        const variables = projects?.[0]?.environment?.environmentVariables ?? [];
        assert.equal(
            variables.find(({ name }) => name === "BUILDKIT_IMAGE")?.value,
            `${outputs.repositoryUrl}@${digest}`,
        );
    });

    it("is made once: nothing changes with the second update", async () => {
        const { changes } = await stack.up();
        assert.deepEqual({ ...changes, same: 0 }, { create: 0, update: 0, replace: 0, delete: 0, same: 0 });
    });

    it("has the same digest wherever it is made", async () => {
        await emptyBuilder(engine);
        const context = await writeContext("copy-app", singleFile("1"));
        const other = await TestStack.open(engine, "copy-again", { images: [{ name: "app", context }] });
        await other.up();
        const [one, again] = await Promise.all(
            ["copy", "copy-again"].map((name) => manifest(`cached-image-pipeline-${name}`, tag)),
        );
        assert.equal(one!.digest, again!.digest);
    });

    it("is refused where the source is for one platform", async () => {
        const context = await writeContext("copy-app", singleFile("1"));
        const buildkitImage = `${engine.world.registry}/base/busybox:1.37-musl`;
        const refused = await TestStack.open(engine, "copy-refused", {
            images: [{ name: "app", context }],
            buildkitImage,
        });
        await assert.rejects(refused.up(), /lint violation found for rules: InvalidBaseImagePlatform/);
    });

    it("can be pulled by a build when it creates its builder, with the login that it has then", async () => {
        // GIVEN a build host whose Docker pulls the image and then starts the world's BuildKit
        const folder = await fs.mkdtemp(path.join(worldDirectory(), "docker-"));
        const { aws, dockerBuildx } = engine.toolchain;
        const buildkit = `unix://${worldLayout(worldDirectory()).buildkitSocket}`;
        const script = [
            "#!/bin/sh",
            'if [ "$1" != create ]; then exec "$BUILDX" "$@"; fi',
            'echo "docker-buildx $*" >&2',
            'for argument in "$@"; do case $argument in --driver-opt=image=*) image=${argument#--driver-opt=image=} ;; esac; done',
            '"$BUILDX" imagetools inspect "$image" >&2 || exit 1',
            `exec "$BUILDX" create --bootstrap --driver remote ${buildkit}`,
        ];
        const text = script.join("\n").replaceAll("$BUILDX", dockerBuildx);
        await fs.writeFile(path.join(folder, "docker-buildx"), `${text}\n`, { mode: 0o755 });
        const folders = [folder, path.dirname(process.execPath), path.dirname(aws), "/usr/bin", "/bin"];
        const PATH = folders.join(path.delimiter);
        // WHEN a changed source is built there
        const { succeeded, log, exported } = await runProject(engine, outputs, {
            variables: { BUILDKIT_ADDRESS: "", PATH },
            changed: { "copy-app/file": "2" },
        });
        // THEN the builder was created from the copy, and has built and pushed
        assert.ok(succeeded, log);
        const { digest } = await manifest("cached-image-pipeline-copy", tag);
        const create = `docker-buildx create --bootstrap --driver=docker-container --driver-opt=image=${outputs.repositoryUrl}@${digest} --config=`;
        assert.ok(
            log.split("\n").some((line) => line.startsWith(create)),
            log,
        );
        assert.match(exported.IMAGE_DIGEST!, /^sha256:[0-9a-f]{64}$/);
    });
});
