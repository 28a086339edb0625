import { type BuildInput, sourceOf } from "../buildInput";
import type { ImageSource } from "../contentTag";
import type { PinnedStageSpec } from "../imageSpec";
import { hostPlatform, type Platform } from "../platform";

/** Image with pinned stages, with all inputs that decide on these stages. */
export interface PinnedSource extends ImageSource {
    platforms: Platform[];
    /** Stages to pin. */
    pinnedStages: PinnedStageSpec[];
    /** Platform that the stages are built for, one of `platforms`. */
    platform: Platform;
    /** Platform that builds run on, `linux/amd64`; it counts for stages that ask for BUILDPLATFORM and the like. */
    buildPlatform: string;
}

/** Finds the source of an image's pinned stages, for one platform. */
export function pinnedSourceOf(input: BuildInput, platform: Platform): PinnedSource {
    const { platforms, pinnedStages = [] } = input.spec;
    return { ...sourceOf(input), platforms, pinnedStages, platform, buildPlatform: hostPlatform() };
}
