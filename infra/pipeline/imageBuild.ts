import type { ImageBuild } from "../image/appImage";
import { type GitReference, imageCacheTags } from "../plan/cachePolicy";
import type { ImagePipelineArgs, PipelineImage } from "./imagePipelineArgs";

/** What an image of the pipeline is built from and how, but for the values of its secrets. */
export function imageBuild(args: ImagePipelineArgs, image: PipelineImage): ImageBuild {
    const reference: GitReference = { kind: "branch", name: args.branch };
    return {
        context: image.context,
        dockerfile: image.dockerfile,
        target: image.target,
        buildArgs: { ...image.buildArgs, BASE_REGISTRY: args.baseRegistry },
        platforms: image.platforms,
        rebuildKey: args.rebuildKey,
        parallelBuilds: args.parallelBuilds,
        cacheMode: args.cacheMode,
        compression: image.compression,
        caches: Object.fromEntries(
            image.platforms.map((platform) => [
                platform,
                imageCacheTags(reference, args.defaultBranch, platform, args.cacheMode, image.pinnedStages),
            ]),
        ),
        pinnedStages: image.pinnedStages,
    };
}
