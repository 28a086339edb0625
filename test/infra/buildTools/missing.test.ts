import assert from "node:assert/strict";
import {
    cachesRead,
    fillingReference,
    imagesToTest,
    lastStageTags,
    missingBuilds,
    missingIndexes,
    missingStages,
    platformImage,
    stageArguments,
} from "../../../infra/buildTools/missing";
import type { ImageState } from "../../../infra/buildTools/buildState";
import type { ImagePlan } from "../../../infra/buildTools/plan";
import type { PinnedBuild } from "../../../infra/buildTools/planPinnedStages";
import { build, builtImage, filling, image, imageState, pinned } from "./imageStates";

/** Makes an image of one platform with a pinned stage. */
const pinnedImage = (changes: Partial<PinnedBuild> = {}): ImagePlan => ({
    ...image,
    builds: [build("amd64", [{ ...pinned, ...changes }])],
});

describe("what is missing of an image", () => {
    const task = { builds: [build("arm64")], isJoinedElsewhere: true };
    const tests = { isElsewhere: true, arguments: [] };
    const cases: [
        what: string,
        plan: Partial<ImagePlan>,
        there: string[],
        expected: { builds: string[]; tests: string[]; indexes: string[] },
        proven?: string[],
    ][] = [
        ["are both platforms and the index", {}, [], { builds: ["amd64", "arm64"], tests: ["app"], indexes: ["app"] }],
        [
            "is the platform that no build has pushed, and the index",
            {},
            ["src-1-arm64"],
            { builds: ["amd64"], tests: ["app"], indexes: ["app"] },
        ],
        [
            "is the index of what others built: nothing is tested",
            {},
            ["src-1-amd64", "src-1-arm64"],
            { builds: [], tests: [], indexes: ["app"] },
        ],
        ["is nothing where the image is there", {}, ["src-1"], { builds: [], tests: [], indexes: [] }],
        [
            "is all that this project did not build, though it is there",
            {},
            ["src-1", "src-1-amd64", "src-1-arm64"],
            { builds: ["amd64"], tests: ["app"], indexes: ["app"] },
            ["src-1-arm64"],
        ],
        [
            "is the one platform of its task in a batch, whose tests and index others make",
            { ...task, tests },
            [],
            { builds: ["arm64"], tests: [], indexes: [] },
        ],
        ["is nothing in a task whose platform is there", task, ["src-1-arm64"], { builds: [], tests: [], indexes: [] }],
        [
            "is no index of a pull request, which pushes nothing",
            { builds: image.builds.map((one) => ({ ...one, pushed: undefined })) },
            [],
            { builds: ["amd64", "arm64"], tests: ["app"], indexes: [] },
        ],
    ];
    for (const [what, changed, there, expected, proven] of cases) {
        it(what, () => {
            const images = [imageState({ ...image, ...changed }, there, {}, proven)];
            const names = (list: { plan: ImagePlan }[]) => list.map(({ plan }) => plan.name);
            assert.deepEqual(
                {
                    builds: missingBuilds(images).map(({ build }) => build.architecture),
                    tests: names(imagesToTest(images)),
                    indexes: names(missingIndexes(images)),
                },
                expected,
            );
        });
    }

    it("is joined by digest, built or found", () => {
        const one = imageState(image, ["src-1-arm64"], { amd64: builtImage("sha256:built") });
        assert.deepEqual(
            image.builds.map((build) => platformImage({ image: one, build })),
            ["registry/shop@sha256:built", "registry/shop@sha256:src-1-arm64"],
        );
    });

    it("is not joined without a digest that BuildKit told", () => {
        const one = imageState(image, [], { amd64: builtImage() });
        assert.throws(() => platformImage({ image: one, build: build("amd64") }), {
            message: "BuildKit told no digest of app for amd64.",
        });
    });
});

describe("what is missing of pinned stages", () => {
    const cache = "--cache-from=type=registry,ref=registry/shop:cache-1";
    const proposed = pinnedImage({ pushed: undefined });
    const cases: [what: string, plan: ImagePlan, there: string[], stages: string[], caches: string[]][] = [
        ["is one that is not there, out of its cache", pinnedImage(), [], ["deps"], ["cache-main-amd64", "cache-1"]],
        ["is nothing where it is there; no cache of it is read", pinnedImage(), ["deps-1"], [], ["cache-main-amd64"]],
        ["is nothing where the image is there", pinnedImage(), ["src-1"], [], []],
        [
            "is made by the image's build for a pull request, out of the stage's cache",
            proposed,
            [],
            [],
            ["cache-main-amd64", "cache-1"],
        ],
    ];
    for (const [what, plan, there, stages, caches] of cases) {
        it(what, () => {
            const images = [imageState(plan, there)];
            assert.deepEqual(
                missingStages(images).map(({ stage }) => stage.stage.name),
                stages,
            );
            assert.deepEqual(
                cachesRead(images),
                caches.map((tag) => ({ reference: `registry/shop:${tag}`, isThere: false })),
            );
        });
    }

    it("is one that is there and that this project did not build, out of its cache", () => {
        const one = imageState(pinnedImage(), ["deps-1"], {}, []);
        const stages = missingStages([one]).map(({ stage }) => stage.stage.name);
        assert.deepEqual(stages, ["deps"]);
        assert.deepEqual(stageArguments({ image: one, build: one.plan.builds[0]! }), [cache]);
    });

    it("is told of caches that are one image apart: ECR may name it by either tag", () => {
        const images = [{ imageId: { imageTag: "cache-1" }, imageManifest: "{}" }];
        const failures = ["src-1", "src-1-amd64", "deps-1"].map((imageTag) => ({
            imageId: { imageTag },
            failureCode: "ImageNotFound",
        }));
        const one = { plan: pinnedImage(), answer: { images, failures }, digests: {}, built: {} };
        assert.deepEqual(
            cachesRead([one]).map(({ isThere }) => isThere),
            [true, true],
        );
    });

    const inPlace = (digest: string) => `--build-context=deps=docker-image://registry/shop@sha256:${digest}`;
    const contexts: [what: string, plan: ImagePlan, there: string[], built: string | undefined, expected: string][] = [
        ["the image that was found", pinnedImage(), ["deps-1"], undefined, inPlace("deps-1")],
        ["the image that was built", pinnedImage(), [], "sha256:built", inPlace("built")],
        ["the image that was found for a pull request", proposed, ["deps-1"], undefined, inPlace("deps-1")],
        ["its cache where there is none", proposed, [], undefined, cache],
    ];
    for (const [what, plan, there, digest, expected] of contexts) {
        it(`gives the builds after it ${what}`, () => {
            const built: ImageState["built"] = digest === undefined ? {} : { "amd64/deps": builtImage(digest) };
            const one = imageState(plan, there, built);
            assert.deepEqual(stageArguments({ image: one, build: plan.builds[0]! }), [expected]);
        });
    }
});

describe("a pinned stage that carries folders", () => {
    const last = "deps-last-main-1";
    const to = `registry/shop:${last}`;
    const tag = { repositoryName: "shop", tag: last, digest: "sha256:deps-1", manifest: "{}", mediaType: "type" };
    const fillings: [what: string, there: string[], filling: PinnedBuild["filling"], expected: string | undefined][] = [
        ["from its last image", [last], filling, "registry/shop@sha256:deps-last-main-1"],
        ["from nothing where there is no such image", [], filling, undefined],
        ["from nothing where it carries none", [last], undefined, undefined],
    ];
    for (const [what, there, filling, expected] of fillings) {
        it(`has its mounts filled ${what}`, () => {
            const plan = pinnedImage({ filling });
            const one = { image: imageState(plan, there), build: plan.builds[0]!, stage: plan.builds[0]!.pinned[0]! };
            assert.equal(fillingReference(one), expected);
        });
    }

    it("has its mounts filled from no image that this project did not build", () => {
        const image = imageState(pinnedImage({ filling }), [last], {}, []);
        const build = image.plan.builds[0]!;
        assert.equal(fillingReference({ image, build, stage: build.pinned[0]! }), undefined);
    });

    it("gives the name for the next one to no image that this project did not build", () => {
        const plan = pinnedImage({ filling: { ...filling, to } });
        assert.deepEqual(lastStageTags([imageState(plan, ["deps-1"], {}, [])]), []);
    });

    const given: [what: string, there: string[], to: object, expected: object[]][] = [
        ["an image that was found and does not have it", ["deps-1"], { to }, [tag]],
        ["an image that was found, from another", ["deps-1", last], { to }, [tag]],
        ["no image that was built, which has it", [last], { to }, []],
        ["no image where others must not take it over", ["deps-1"], {}, []],
    ];
    for (const [what, there, to, expected] of given) {
        it(`gives the name for the next one to ${what}`, () => {
            const plan = pinnedImage({ filling: { ...filling, ...to } });
            assert.deepEqual(lastStageTags([imageState(plan, there)]), expected);
        });
    }
});
