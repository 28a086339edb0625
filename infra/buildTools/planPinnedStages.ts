import type { RepositoryImage } from "../plan/buildDefinition";
import { cachesOf, pinnedSourceOf, sourceOf } from "../plan/buildInput";
import { lastStageTags, pinnedStageCaches } from "../plan/cachePolicy";
import { fillingDockerfile, lastImage } from "../plan/pinned/carriedFolders";
import { type PinnedStage, pinStages } from "../plan/pinned/pinnedStages";
import type { Platform } from "../plan/platform";
import { buildArguments, pushArguments } from "./buildArguments";
import type { PlanInput } from "./planInput";

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
    /** The build before it, which fills cache mounts. @default - the stage names no folders to carry */
    filling?: Filling;
}

/** The build that fills cache mounts of a pinned stage from the image that the stage was last kept as. */
export interface Filling {
    /** Where that image is looked for, the best first, as references. */
    from: string[];
    /** Reference that the image of this build is found by later. @default - none: others must not take from what is built here */
    to?: string;
    /** Text of a Dockerfile. */
    dockerfile: string;
    /** Arguments of `docker buildx build` but for the Dockerfile, the image, and the context, of which nothing is read. */
    arguments: string[];
}

/**
 * Plans how the pinned stages of an image are found or built, as `pulumi up` finds and builds them.
 *
 * @throws DockerfileError for a stage that cannot be pinned
 */
export function planPinnedStages(plan: PlanInput, image: RepositoryImage, platform: Platform): PinnedBuild[] {
    const { policy, reference } = plan;
    const input = { spec: image, policy, sourceRoot: plan.source };
    const { context } = sourceOf(input);
    const inRepository = (tag: string) => `${image.repositoryUrl}:${tag}`;
    return pinStages(pinnedSourceOf(input, platform)).map((stage) => {
        const { from, to } = pinnedStageCaches(stage, cachesOf(input, reference, platform), policy.cacheMode);
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
            arguments: [`--target=${stage.name}`, ...buildArguments(stage.buildArgs, platform, read), context],
            pushing: pushArguments(names, [], input),
            caching: to.length === 0 ? [] : pushArguments([], to.map(inRepository), input),
            ...(filling !== undefined && { filling }),
        };
    });
}

/**
 * Arguments of the build that fills mounts.
 *
 * @param reference the image to take from, one of those it may be found by
 * @param folder folder of its Dockerfile (absolute)
 */
export function fillingArguments(filling: Filling, reference: string, folder: string): string[] {
    return [`--build-context=${lastImage}=docker-image://${reference}`, ...filling.arguments, folder];
}
