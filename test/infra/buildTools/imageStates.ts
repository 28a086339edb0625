import type { ImageState } from "../../../infra/buildTools/buildState";
import { lookupOf } from "../../../infra/buildTools/lookup";
import type { ImagePlan, PlatformBuild } from "../../../infra/buildTools/plan";
import type { PinnedBuild } from "../../../infra/buildTools/planPinnedStages";

/** Makes a build of one platform. */
export const build = (architecture: string, pinned: PinnedBuild[] = []): PlatformBuild => ({
    architecture,
    tag: `src-1-${architecture}`,
    pushed: `registry/shop:src-1-${architecture}`,
    caches: [`registry/shop:cache-main-${architecture}`],
    arguments: ["context"],
    pinned,
});

/** Plan of an image for two platforms. */
export const image: ImagePlan = {
    name: "app",
    repositoryUrl: "registry/shop",
    tag: "src-1",
    builds: [build("amd64"), build("arm64")],
    isJoinedElsewhere: false,
    tests: { isElsewhere: false, arguments: ["test-context"] },
};

/** Pinned stage that carries no folders. */
export const pinned: PinnedBuild = {
    stage: {
        name: "deps",
        tag: "deps-1",
        dockerfile: "FROM scratch AS deps\n",
        target: "deps",
        ignore: "*\n",
        buildArgs: {},
        recipe: "1",
        carried: [],
    },
    pushed: "registry/shop:deps-1",
    caches: ["registry/shop:cache-1"],
    arguments: ["context"],
    pushing: ["--push"],
    caching: ["--cache", "--only"],
};

/** Build that seeds that stage's cache mounts. */
export const filling = {
    from: ["registry/shop:deps-last-main-1"],
    dockerfile: "FROM last-image\n",
    arguments: ["--no-cache"],
};

/** Makes the result of a build. @default digest - nothing was exported */
export const builtImage = (digest?: string) => ({
    summary: { stepsCached: 0, stepsRun: 1, bytesRead: 0, seconds: { steps: 1, exports: 1 } },
    digest,
});

/**
 * Makes an image after a lookup that found images of these tags, each with a digest that its tag is part of.
 *
 * @param proven tags whose images this project built, all unless others are named
 */
export function imageState(
    plan: ImagePlan,
    tags: string[],
    built: ImageState["built"] = {},
    proven = tags,
): ImageState {
    const images = tags.map((imageTag) => ({
        imageId: { imageTag, imageDigest: digestOf(imageTag) },
        imageManifest: "{}",
        imageManifestMediaType: "type",
    }));
    const failures = lookupOf(plan)
        .tags.filter((tag) => !tags.includes(tag))
        .map((imageTag) => ({ imageId: { imageTag }, failureCode: "ImageNotFound" }));
    const digests = Object.fromEntries(proven.map((tag) => [tag, digestOf(tag)]));
    return { plan, answer: { images, failures }, digests, built };
}

function digestOf(tag: string): string {
    return `sha256:${tag}`;
}
