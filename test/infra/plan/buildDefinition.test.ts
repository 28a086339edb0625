import assert from "node:assert/strict";
import { readDefinition, type RepositoryImage, writeDefinition } from "../../../infra/plan/buildDefinition";
import { type BuildPolicy, buildPolicy, imageSpec } from "../../../infra/plan/imageSpec";

/** Policy with every setting that exists. */
const policy: Required<BuildPolicy> = {
    baseRegistry: "public.ecr.aws/docker/library",
    branch: "feature",
    defaultBranch: "main",
    cacheMode: "min",
    rebuildKey: "2026",
    parallelBuilds: 2,
};

/** Image with every setting that exists. */
const image: Required<RepositoryImage> = {
    name: "api",
    context: "services/api",
    dockerfile: "services/api/Dockerfile",
    target: "server",
    testTarget: "results",
    buildArgs: { A: "1" },
    platforms: ["linux/amd64", "linux/arm64"],
    compression: "gzip",
    pinnedStages: [{ name: "deps" }],
    repositoryUrl: "registry.example/shop/api",
};

describe("the definition of the images that CodeBuild reads", () => {
    it("has every setting of an image and of the policy", () => {
        assert.deepEqual(Object.keys(image).sort(), [...Object.keys(imageSpec.shape), "repositoryUrl"].sort());
        assert.deepEqual(Object.keys(policy).sort(), Object.keys(buildPolicy.shape).sort());
        assert.deepEqual(readDefinition(writeDefinition({ policy, images: [image] })), { policy, images: [image] });
    });

    it("has nothing else of what an image and the policy are a part of", () => {
        const more = {
            policy: { ...policy, maxBuildCount: 50 },
            images: [{ ...image, digest: undefined, secret: "s" }],
        };
        assert.deepEqual(JSON.parse(writeDefinition(more)), { policy, images: [image] });
    });

    it("is refused, with what is wrong, where it does not fit", () => {
        const odd = { policy, images: [{ ...image, platforms: ["linux/mips"] }] };
        assert.throws(() => readDefinition(JSON.stringify(odd)), {
            message:
                "The definition of the images does not fit the build tools; run `pulumi up`: " +
                '✖ Invalid option: expected one of "linux/amd64"|"linux/arm64"\n  → at images[0].platforms[0]',
        });
    });
});
