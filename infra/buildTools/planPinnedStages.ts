import type { RepositoryImage } from "../plan/buildDefinition";
import { cachesOf, sourceOf } from "../plan/buildInput";
import { lastStageTags, pinnedStageCaches } from "../plan/cachePolicy";
import { fillingDockerfile, lastImage } from "../plan/pinned/carriedFolders";
import { pinnedSourceOf } from "../plan/pinned/pinnedSource";
import { type PinnedStage, pinStages } from "../plan/pinned/pinnedStages";
import type { Platform } from "../plan/platform";
import { buildArguments, pushArguments } from "./buildArguments";
import { inputOf, type PlanInput } from "./planInput";

/** Build of a pinned stage of one platform of an image. */
export interface PinnedBuild {
    stage: PinnedStage;
    /** `repository:tag` to push when the repository lacks it. @default - nothing is pushed; the image's build makes the stage itself */
    pushed?: string;
    /** References of the caches that the stage's build reads. */
    caches: string[];
    /** Arguments of `docker buildx build` after the Dockerfile, the context last. */
    arguments: string[];
    /** Further arguments for the build that pushes the stage. */
    pushing: string[];
    /** Further arguments for a second build that writes the caches. Empty where there are no caches to write. */
    caching: string[];
    /** Build that seeds the cache mounts first. @default - the stage names no folders to carry */
    filling?: Filling;
}

/** Build that seeds cache mounts of a pinned stage from the stage's previous image. */
export interface Filling {
    /** References of previous images, the best match first. */
    from: string[];
    /** Reference under which later builds find the image of this build. @default - none: later builds must not reuse this build's image */
    to?: string;
    /** Text of the build's Dockerfile. */
    dockerfile: string;
    /** Arguments of `docker buildx build` without the Dockerfile, the previous image and the context, of which nothing is read. */
    arguments: string[];
}

/**
 * Plans the lookup and the build of an image's pinned stages, as `pulumi up` does.
 *
 * @throws DockerfileError for a stage that cannot be pinned
 */
export function planPinnedStages(plan: PlanInput, image: RepositoryImage, platform: Platform): PinnedBuild[] {
    const { policy, reference } = plan;
    const input = inputOf(plan, image);
    const { context } = sourceOf(input);
    const caches = cachesOf(input, reference, platform);
    const inRepository = (tag: string) => `${image.repositoryUrl}:${tag}`;
    return pinStages(pinnedSourceOf(input, platform)).map((stage) => {
        const { from, to, mode } = pinnedStageCaches(stage, caches, policy.cacheMode);
        const read = from.map(inRepository);
        const pushed = reference.kind === "pullRequest" ? undefined : inRepository(stage.tag);
        const last = lastStageTags(stage.recipe, reference, policy.defaultBranch, policy.cacheMode);
        const fill = (): Filling => ({
            from: last.from.map(inRepository),
            ...(last.to !== undefined && { to: inRepository(last.to) }),
            dockerfile: fillingDockerfile(stage.carried),
            // Found in the builder's cache, it would fill nothing.
            arguments: ["--no-cache", ...buildArguments({}, platform, []), ...pushArguments([], [], input)],
        });
        const filling = stage.carried.length === 0 ? undefined : fill();
        const names = [pushed, filling?.to].filter((name) => name !== undefined);
        return {
            stage,
            ...(pushed !== undefined && { pushed }),
            caches: read,
            arguments: [`--target=${stage.target}`, ...buildArguments(stage.buildArgs, platform, read), context],
            pushing: pushArguments(names, [], input),
            caching: to.length === 0 ? [] : pushArguments([], to.map(inRepository), input, mode),
            ...(filling !== undefined && { filling }),
        };
    });
}

/**
 * Makes the arguments of the build that seeds mounts.
 *
 * @param reference the previous image, one of `filling.from`
 * @param folder absolute path of the folder of the build's Dockerfile
 */
export function fillingArguments(filling: Filling, reference: string, folder: string): string[] {
    return [`--build-context=${lastImage}=docker-image://${reference}`, ...filling.arguments, folder];
}
