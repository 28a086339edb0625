import * as fs from "node:fs";
import * as path from "node:path";
import { type CacheMode, type GitReference, type ImageCacheTags, imageCacheTags } from "../plan/cachePolicy";
import type { Compression } from "../plan/compression";
import { ContentTags } from "../plan/contentTag";
import { DockerfileError } from "../plan/dockerfile/dockerfile";
import { architecture, type Platform, platformTag } from "../plan/platform";
import { bareRepository, linkOutOfSource } from "../plan/sourceFolders";
import { buildArguments, pushArguments } from "./buildArguments";
import { type PinnedBuild, planPinnedStages } from "./planPinnedStages";

/** One image of the project, as the object that IMAGES_KEY names has it. */
export interface ImageDefinition {
    /** Name of the image, unique within the project. */
    name: string;
    /** Address of its repository. */
    repositoryUrl: string;
    /** Build context, relative to the root of the source. */
    context: string;
    /** Dockerfile, relative to the root of the source. */
    dockerfile: string;
    /** Stage to build. @default - the last one */
    target?: string;
    /** Stage that consists of test results in JUnit XML. @default - the image has no tests */
    testTarget?: string;
    /** All build arguments, BASE_REGISTRY among them. */
    buildArgs: Record<string, string>;
    /** Platforms to build for. */
    platforms: Platform[];
    /** How layers are compressed. */
    compression: Compression;
    /** Stages, in lower case, whose results are kept as images. @default - none */
    pinnedStages?: string[];
}

/** What a build is planned from. */
export interface PlanInput {
    images: ImageDefinition[];
    /** Absolute path of the source. */
    source: string;
    /** What is built. */
    reference: GitReference;
    /** Commit that is built. @default - the source is no Git repository */
    commit?: string;
    /** Branch whose cache all others fall back to. */
    defaultBranch: string;
    cacheMode: CacheMode;
    /** Moved by hand to pick up a changed base image. */
    rebuildKey: string;
    /** The one platform that this build of a batch is for. @default - all of them, and what joins them */
    platform?: Platform;
}

/** The build of one platform of an image. */
export interface PlatformBuild {
    /** `amd64`, `arm64`. */
    architecture: string;
    /** Tag of this platform's image: the image's own where it has one platform only. */
    tag: string;
    /** `repository:tag` that is pushed. @default - nothing is pushed */
    pushed?: string;
    /** Caches that are read, as references. */
    caches: string[];
    /** Arguments of `docker buildx build`, the context last. */
    arguments: string[];
    /** Stages that images take the place of. */
    pinned: PinnedBuild[];
}

/** What is to be done for one image. */
export interface ImagePlan {
    name: string;
    repositoryUrl: string;
    /** `src-<hash>`, the tag under which the image is looked for and pushed. */
    tag: string;
    /** `git-<commit>`, which the image gets as well; the first build of a commit wins. @default - none */
    commitTag?: string;
    /** One build for each platform. */
    builds: PlatformBuild[];
    /** Whether another build of the batch joins the platforms. */
    isJoinedElsewhere: boolean;
    /** The build of the test results. @default - the image has no tests */
    tests?: TestBuild;
}

/** The build of an image's test results. */
export interface TestBuild {
    /** Whether another build of the batch runs the tests: that of the image's first platform. */
    isElsewhere: boolean;
    /** Arguments of `docker buildx build`, the context last and without the output. */
    arguments: string[];
}

/**
 * What a build does, decided by the same code as `pulumi up` decides it: tags, caches and arguments agree, so that either finds
 * what the other built.
 *
 * @throws Error for an image whose context or Dockerfile is not in the source or leads out of it, whose context git would take for
 * a repository, or with a stage that cannot be pinned
 */
export function planImages(input: PlanInput): ImagePlan[] {
    const tags = new ContentTags();
    return input.images.map((image) => {
        try {
            return planImage(input, image, tags);
        } catch (error) {
            if (!(error instanceof DockerfileError)) throw error;
            throw new Error(`${image.dockerfile} of image ${image.name}: ${error.message}.`);
        }
    });
}

function planImage(input: PlanInput, image: ImageDefinition, tags: ContentTags): ImagePlan {
    const context = path.resolve(input.source, image.context);
    const dockerfile = path.resolve(input.source, image.dockerfile);
    requireSource(input.source, image, context, dockerfile);
    const { target, testTarget, buildArgs, platforms, compression } = image;
    const { rebuildKey } = input;
    const tag = tags.of({ context, dockerfile, target, buildArgs, platforms, compression, rebuildKey });
    const isPushed = input.reference.kind !== "pullRequest";
    const isWanted = (platform: Platform) => input.platform === undefined || platform === input.platform;
    const isElsewhere = !isWanted(platforms[0]!);
    return {
        name: image.name,
        repositoryUrl: image.repositoryUrl,
        tag,
        ...(isPushed && input.commit !== undefined ? { commitTag: `git-${input.commit}` } : {}),
        builds: platforms
            .filter(isWanted)
            .map((platform) => platformBuild(input, image, platform, { context, dockerfile, tag })),
        isJoinedElsewhere: input.platform !== undefined && platforms.length > 1,
        ...(testTarget !== undefined && {
            tests: { isElsewhere, arguments: testArguments(input, image, { context, dockerfile, testTarget }) },
        }),
    };
}

function requireSource(source: string, { name, ...image }: ImageDefinition, context: string, dockerfile: string): void {
    const isThere = (file: string) => fs.statSync(file, { throwIfNoEntry: false });
    if (!isThere(context)?.isDirectory()) {
        throw new Error(`The source has no folder ${image.context}, the build context of image ${name}.`);
    }
    if (!isThere(dockerfile)?.isFile()) {
        throw new Error(`The source has no file ${image.dockerfile}, the Dockerfile of image ${name}.`);
    }
    const link = linkOutOfSource(source, context, dockerfile);
    if (link !== undefined) {
        throw new Error(
            `${path.relative(source, link)}, which image ${name} is built from, is a symbolic link that leads out of the source; put what it is meant to name into the source.`,
        );
    }
    if (bareRepository(context) !== undefined) {
        throw new Error(
            `The build context of image ${name} is ${image.context}; allowed: a folder that is no Git repository of its own, as HEAD and objects make it one.`,
        );
    }
}

function platformBuild(
    input: PlanInput,
    image: ImageDefinition,
    platform: Platform,
    found: { context: string; dockerfile: string; tag: string },
): PlatformBuild {
    const reference = (tag: string) => `${image.repositoryUrl}:${tag}`;
    const tags = cachesOf(input, image, platform);
    const cache = { from: tags.from.map(reference), to: tags.to && reference(tags.to) };
    const tag = platformTag(found.tag, image.platforms, platform);
    const pushed = input.reference.kind === "pullRequest" ? undefined : reference(tag);
    return {
        architecture: architecture(platform),
        tag,
        ...(pushed === undefined ? {} : { pushed }),
        caches: cache.from,
        arguments: [
            `--file=${found.dockerfile}`,
            ...(image.target === undefined ? [] : [`--target=${image.target}`]),
            ...buildArguments(image.buildArgs, platform, cache.from),
            ...pushArguments(pushed === undefined ? [] : [pushed], cache.to === undefined ? [] : [cache.to], {
                cacheMode: input.cacheMode,
                compression: image.compression,
            }),
            found.context,
        ],
        pinned: planPinnedStages(input, image, platform, { ...found, caches: tags }),
    };
}

/** Makes the arguments of the tests, which run for the first platform, on what the image's own cache has of the stages below them. */
function testArguments(
    input: PlanInput,
    image: ImageDefinition,
    { context, dockerfile, testTarget }: { context: string; dockerfile: string; testTarget: string },
): string[] {
    const platform = image.platforms[0]!;
    const caches = cachesOf(input, image, platform).from.map((tag) => `${image.repositoryUrl}:${tag}`);
    const common = buildArguments(image.buildArgs, platform, caches);
    return [`--file=${dockerfile}`, `--target=${testTarget}`, ...common, context];
}

/** The tags of the caches of an image and of its pinned stages. */
function cachesOf(
    { reference, defaultBranch, cacheMode }: PlanInput,
    { pinnedStages }: ImageDefinition,
    platform: Platform,
): ImageCacheTags {
    return imageCacheTags(reference, defaultBranch, platform, cacheMode, pinnedStages);
}
