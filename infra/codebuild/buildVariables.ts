import type { CacheMode } from "../plan/cachePolicy";
import type { Compression } from "../plan/compression";
import type { Platform } from "../plan/platform";

/** An image that a CodeBuild project builds; paths are relative to the root of its source, with forward slashes. */
export interface SourceImage {
    /** Name of the image, unique within the project. */
    name: string;
    /** Build context. */
    context: string;
    /** Dockerfile. */
    dockerfile: string;
    /** Stage to build. @default - the last one */
    target?: string;
    /** Stage that consists of test results in JUnit XML; CodeBuild builds it first. @default - no tests */
    testTarget?: string;
    /** All build arguments, BASE_REGISTRY among them. */
    buildArgs: Record<string, string>;
    /** Platforms to build for. */
    platforms: Platform[];
    /** How layers are compressed. */
    compression: Compression;
    /** Stages, in lower case, whose results are kept as images under a hash of what can change them. @default - none */
    pinnedStages?: string[];
}

/** What builds are told of the images and how to build them. */
export interface BuildSettings {
    /** Branch that is built where CodeBuild does not say what is. */
    branch: string;
    /** Branch whose cache all others fall back to. */
    defaultBranch: string;
    /** How much the caches keep. */
    cacheMode: CacheMode;
    /** Moved by hand to pick up changed base images. @default - none */
    rebuildKey?: string;
    /** Stages, and then images, that are built at the same time. @default - what the buildspec says */
    parallelBuilds?: number;
    /** Names or ARNs in Secrets Manager by the ids of build secrets (`RUN --mount=type=secret,id=…`). @default - none */
    buildSecrets?: Record<string, string>;
}

/** The variables by which buildspecs/image.yml and the build tools learn how to build, by name. */
export function buildVariables(settings: BuildSettings): Record<string, string> {
    const { buildSecrets = {} } = settings;
    const values = {
        BRANCH: settings.branch,
        DEFAULT_BRANCH: settings.defaultBranch,
        CACHE_MODE: settings.cacheMode,
        REBUILD_KEY: settings.rebuildKey,
        PARALLEL_BUILDS: settings.parallelBuilds?.toString(),
        BUILD_SECRETS: Object.keys(buildSecrets).length > 0 ? JSON.stringify(buildSecrets) : undefined,
    };
    // CodeBuild takes no variable without a value.
    return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => Boolean(entry[1])));
}

/**
 * The text of the object that IMAGES_KEY names: what the build tools read as their image definitions. It is no variable, since those of
 * a project may have a few thousand characters only.
 *
 * @param repositoryUrls addresses of the images' repositories, in the same order
 */
export function imagesDefinition(images: SourceImage[], repositoryUrls: string[]): string {
    return JSON.stringify(
        images.map((image, index) => ({
            name: image.name,
            repositoryUrl: repositoryUrls[index],
            context: image.context,
            dockerfile: image.dockerfile,
            target: image.target,
            testTarget: image.testTarget,
            buildArgs: image.buildArgs,
            platforms: image.platforms,
            compression: image.compression,
            pinnedStages: image.pinnedStages?.length ? image.pinnedStages : undefined,
        })),
    );
}
