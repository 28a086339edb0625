import * as fs from "node:fs";
import * as path from "node:path";
import { type CacheMode, cacheTags, type GitReference } from "../../image/cachePolicy";
import { contentTag } from "../../image/contentTag";
import { architecture, type Platform } from "../../image/platform";

/** One image of the project, as the variable IMAGES has it. */
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
    /** All build arguments, BASE_REGISTRY among them. */
    buildArgs: Record<string, string>;
    /** Platforms to build for. */
    platforms: Platform[];
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
}

/** The build of one platform of an image. */
export interface PlatformBuild {
    /** `amd64`, `arm64`. */
    architecture: string;
    /** `repository:tag` that is pushed. @default - nothing is pushed */
    pushed?: string;
    /** Caches that are read, as references. */
    caches: string[];
    /** Arguments of `docker buildx build`, the context last. */
    arguments: string[];
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
}

/**
 * What a build does, decided by the same code as `pulumi up` decides it: tags, caches and arguments agree, so that either finds
 * what the other built.
 *
 * @throws Error for an image whose context or Dockerfile is not in the source
 */
export function planImages(input: PlanInput): ImagePlan[] {
    return input.images.map((image) => {
        const context = path.resolve(input.source, image.context);
        const dockerfile = path.resolve(input.source, image.dockerfile);
        requireSource(image, context, dockerfile);
        const { target, buildArgs, platforms } = image;
        const tag = contentTag({ context, dockerfile, target, buildArgs, platforms, rebuildKey: input.rebuildKey });
        const isPushed = input.reference.kind !== "pullRequest";
        return {
            name: image.name,
            repositoryUrl: image.repositoryUrl,
            tag,
            ...(isPushed && input.commit !== undefined ? { commitTag: `git-${input.commit}` } : {}),
            builds: platforms.map((platform) => platformBuild(input, image, platform, { context, dockerfile, tag })),
        };
    });
}

function requireSource({ name, ...image }: ImageDefinition, context: string, dockerfile: string): void {
    const isThere = (file: string) => fs.statSync(file, { throwIfNoEntry: false });
    if (!isThere(context)?.isDirectory()) {
        throw new Error(`The source has no folder ${image.context}, the build context of image ${name}.`);
    }
    if (!isThere(dockerfile)?.isFile()) {
        throw new Error(`The source has no file ${image.dockerfile}, the Dockerfile of image ${name}.`);
    }
}

function platformBuild(
    input: PlanInput,
    image: ImageDefinition,
    platform: Platform,
    found: { context: string; dockerfile: string; tag: string },
): PlatformBuild {
    const reference = (tag: string) => `${image.repositoryUrl}:${tag}`;
    const cache = cacheTags(input.reference, input.defaultBranch, platform, input.cacheMode);
    const caches = cache.from.map(reference);
    // The tags of `pulumi up`: with several platforms each has its own, and an index joins them.
    const tag = image.platforms.length > 1 ? `${found.tag}-${architecture(platform)}` : found.tag;
    const pushed = input.reference.kind === "pullRequest" ? undefined : reference(tag);
    return {
        architecture: architecture(platform),
        ...(pushed === undefined ? {} : { pushed }),
        caches,
        arguments: [
            `--file=${found.dockerfile}`,
            ...(image.target === undefined ? [] : [`--target=${image.target}`]),
            `--platform=${platform}`,
            ...Object.entries(image.buildArgs).map(([name, value]) => `--build-arg=${name}=${value}`),
            ...caches.map((ref) => `--cache-from=type=registry,ref=${ref}`),
            ...(cache.to === undefined ? [] : [cacheExport(reference(cache.to), input.cacheMode)]),
            // One manifest for one platform: AWS Lambda takes nothing else.
            "--provenance=false",
            pushed === undefined ? "--output=type=cacheonly" : `--output=type=image,name=${pushed},push=true`,
            found.context,
        ],
    };
}

/** ECR takes a cache as an image manifest only; a cache that cannot be written must not fail a build whose image is good. */
function cacheExport(ref: string, mode: CacheMode): string {
    return `--cache-to=type=registry,ref=${ref},mode=${mode},image-manifest=true,oci-mediatypes=true,ignore-error=true`;
}
