import { type ImageCacheTags, pinnedStageCaches } from "../../image/cachePolicy";
import { DockerfileError, type PinnedStage, pinStages } from "../../image/pinned";
import { hostPlatform, type Platform } from "../../image/platform";
import { buildArguments, pushArguments } from "./buildArguments";
import type { ImageDefinition, PlanInput } from "./plan";

/** A pinned stage of one platform of an image. */
export interface PinnedBuild {
    stage: PinnedStage;
    /** `repository:tag` that is pushed when there is none yet. @default - nothing is pushed; the image's build makes the stage itself */
    pushed?: string;
    /** Caches that are read when it has to be built, as references. */
    caches: string[];
    /** Arguments of `docker buildx build` after the Dockerfile, the context last. */
    arguments: string[];
    /** Further arguments for the build that pushes. */
    pushing: string[];
    /** Further arguments for the build after it, which writes the caches. Empty where there are none to write. */
    caching: string[];
}

/**
 * How the pinned stages of an image are found or built, as `pulumi up` finds and builds them.
 *
 * @param found context and Dockerfile of the image, and the tags of its caches
 * @throws Error for a stage that cannot be pinned
 */
export function planPinnedStages(
    { reference, cacheMode, rebuildKey }: PlanInput,
    image: ImageDefinition,
    platform: Platform,
    { context, dockerfile, caches }: { context: string; dockerfile: string; caches: ImageCacheTags },
): PinnedBuild[] {
    const inRepository = (tag: string) => `${image.repositoryUrl}:${tag}`;
    const { pinnedStages = [], target, buildArgs, platforms } = image;
    const source = { context, dockerfile, target, buildArgs, platforms, rebuildKey, pinnedStages, platform };
    return stagesOf(image, { ...source, buildPlatform: hostPlatform() }).map((stage) => {
        const { from, to } = pinnedStageCaches(stage, caches, cacheMode);
        const read = from.map(inRepository);
        const pushed = reference.kind === "pullRequest" ? undefined : inRepository(stage.tag);
        return {
            stage,
            ...(pushed !== undefined && { pushed }),
            caches: read,
            arguments: [`--target=${stage.name}`, ...buildArguments(stage.buildArgs, platform, read), context],
            pushing: pushArguments(pushed, [], cacheMode),
            caching: to.length === 0 ? [] : pushArguments(undefined, to.map(inRepository), cacheMode),
        };
    });
}

function stagesOf(image: ImageDefinition, source: Parameters<typeof pinStages>[0]): PinnedStage[] {
    try {
        return pinStages(source);
    } catch (error) {
        if (!(error instanceof DockerfileError)) throw error;
        throw new Error(`${image.dockerfile} of image ${image.name}: ${error.message}.`);
    }
}
