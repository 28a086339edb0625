import * as path from "node:path";
import { type GitReference, type ImageCacheTags, imageCacheTags } from "./cachePolicy";
import type { ImageSource } from "./contentTag";
import type { BuildPolicy, ImageSpec } from "./imageSpec";
import type { Platform } from "./platform";

/** Image with all inputs of its build, except the values of its secrets. */
export interface BuildInput {
    spec: ImageSpec;
    policy: BuildPolicy;
    /** Absolute path of the root of the source. */
    sourceRoot: string;
}

/** Lists all build arguments of an image. */
export function argumentsOf({ spec, policy }: Pick<BuildInput, "spec" | "policy">): Record<string, string> {
    return { ...spec.buildArgs, BASE_REGISTRY: policy.baseRegistry };
}

/** Finds the source of an image: everything in its content tag. */
export function sourceOf(input: BuildInput): ImageSource {
    const { spec, policy, sourceRoot } = input;
    return {
        ...spec,
        context: path.resolve(sourceRoot, spec.context),
        dockerfile: path.resolve(sourceRoot, spec.dockerfile),
        buildArgs: argumentsOf(input),
        rebuildKey: policy.rebuildKey ?? "",
    };
}

/** Finds the tags of the caches of an image and of its pinned stages. @param reference Git reference that is built */
export function cachesOf(
    { spec, policy }: Pick<BuildInput, "spec" | "policy">,
    reference: GitReference,
    platform: Platform,
): ImageCacheTags {
    return imageCacheTags(reference, policy.defaultBranch, platform, policy.cacheMode, spec.pinnedStages);
}
