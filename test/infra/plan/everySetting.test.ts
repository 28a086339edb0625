import assert from "node:assert/strict";
import * as path from "node:path";
import { AppImage } from "../../../infra/image/appImage";
import { planImages } from "../../../infra/buildTools/plan";
import type { BuildPolicy, ImageSpec } from "../../../infra/plan/imageSpec";
import { mockPulumi } from "../../../local/mocks/mockPulumi";
import { credentials, url } from "../image/appImageFixture";
import { temporaryFolder, writeTree } from "../temporaryFolder";

const spec: Required<ImageSpec> = {
    name: "api",
    context: "api",
    dockerfile: "api/Dockerfile",
    target: "server",
    testTarget: "results",
    buildArgs: { A: "1" },
    platforms: ["linux/amd64"],
    compression: "zstd",
    pinnedStages: [{ name: "deps" }],
};
const policy: Required<BuildPolicy> = {
    baseRegistry: "bases",
    branch: "main",
    defaultBranch: "main",
    cacheMode: "max",
    rebuildKey: "1",
    parallelBuilds: 1,
};

/** Changed value for every setting of an image. */
const otherSpecs: Required<ImageSpec> = {
    name: "web",
    context: "web",
    dockerfile: "web/Dockerfile",
    target: "worker",
    testTarget: "checks",
    buildArgs: { A: "2" },
    platforms: ["linux/arm64"],
    compression: "gzip",
    pinnedStages: [{ name: "tools" }],
};

/** Changed value for every setting of the policy. */
const otherPolicies: Required<BuildPolicy> = {
    baseRegistry: "others",
    branch: "feature",
    defaultBranch: "trunk",
    cacheMode: "min",
    rebuildKey: "2",
    parallelBuilds: 2,
};

/** Settings that docker-build's arguments do not depend on, with the reason. */
const notInUpdates: Record<string, string> = {
    name: "it names resources and the repository, not the content",
    testTarget: "tests run in CodeBuild",
    parallelBuilds: "it says when a build may begin",
};

/** Settings that CodeBuild's plan does not depend on, with the reason. */
const notInBuilds: Record<string, string> = {
    branch: "CodeBuild says which branch is built; where it does not, readVariables takes this one",
    parallelBuilds: "it says when a build may begin; the state of a build holds it",
};

const dockerfile = (text: string) =>
    `FROM scratch AS deps\nARG A\nCOPY lock /\nFROM deps AS tools\nCOPY lock /${text}\nFROM tools AS results\nFROM tools AS checks\nFROM tools AS server\nCOPY file /\nFROM tools AS worker\nCOPY file /\n`;

describe("every setting of an image and of the policy", () => {
    const folder = temporaryFolder();
    beforeEach(() => {
        for (const name of ["api", "web"]) {
            writeTree(path.join(folder.path, name), { Dockerfile: dockerfile(name), file: name, lock: "1" });
        }
    });

    /** Lists the inputs of all docker-build resources that an update declares. */
    async function updateOf(images: ImageSpec, policy: BuildPolicy): Promise<string> {
        const world = await mockPulumi();
        const build = { spec: images, policy, sourceRoot: folder.path };
        new AppImage("app", { repositoryUrl: url, credentials: credentials(), build });
        await world.settle();
        return JSON.stringify(world.resourcesOfType("docker-build:index:Image").map(({ inputs }) => inputs));
    }

    function buildOf(image: ImageSpec, policy: BuildPolicy): Promise<string> {
        const images = [{ ...image, repositoryUrl: url }];
        const reference = { kind: "branch", name: "main" } as const;
        return Promise.resolve(JSON.stringify(planImages({ images, policy, source: folder.path, reference })));
    }

    const users = {
        "docker-build's arguments": [updateOf, notInUpdates],
        "CodeBuild's plan": [buildOf, notInBuilds],
    } as const;
    for (const [user, [resultOf, exceptions]] of Object.entries(users)) {
        for (const key of [...Object.keys(otherSpecs), ...Object.keys(otherPolicies)]) {
            const reason = exceptions[key];
            it(`${key}: ${reason === undefined ? `reaches ${user}` : `does not change ${user}, since ${reason}`}`, async () => {
                const others: Record<string, unknown> = { ...otherSpecs, ...otherPolicies };
                const changed = { [key]: others[key] };
                const before = await resultOf(spec, policy);
                const after = await resultOf(
                    key in spec ? { ...spec, ...changed } : spec,
                    key in policy ? { ...policy, ...changed } : policy,
                );
                assert.equal(before === after, reason !== undefined);
            });
        }
    }
});
