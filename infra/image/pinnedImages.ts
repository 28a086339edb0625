import { createRequire } from "node:module";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { sourceOf } from "../plan/buildInput";
import { pinnedStageCaches } from "../plan/cachePolicy";
import { declareImage } from "./declareImage";
import { warnOfPinnedStage } from "./dockerfileWarning";
import type { ImageBuild } from "./imageBuild";
import { cachesHere, type PlatformTarget, relativeToProgram } from "./imageArgs";
import type * as pinned from "../plan/pinned";
import { architecture, type Platform } from "../plan/platform";

/** Loader of modules that only images with pinned stages need: loading the parser takes a large part of a program's start. */
const load = createRequire(__filename);

/**
 * Folder of the Dockerfiles of pinned stages. Every program run writes them again; docker-build reads them in previews too, to detect
 * changes. With files of its own, a stage does not change when only other parts of the source do.
 */
const stageFolder = path.resolve(__dirname, "../../node_modules/.cache/cached-image-pipeline/pinned");

/**
 * Declares one docker-build Image for each pinned stage of an image's platform.
 *
 * @returns images that take the place of the stages, by name: `repository@sha256:…`
 * @throws pulumi.RunError for a stage that cannot be pinned
 */
export function createPinnedStages(
    name: string,
    target: PlatformTarget,
    options: pulumi.CustomResourceOptions & { parent: pulumi.Resource },
): Record<string, pulumi.Output<string>> {
    const { build, platform, repositoryUrl } = target;
    if ((build.spec.pinnedStages ?? []).length === 0) return {};
    const { pinnedStageWarnings, writeStageFiles } = load("../plan/pinned") as typeof pinned;
    const stages = pinStages(build, platform).map((stage) => {
        const file = relativeToProgram(sourceOf(build).dockerfile);
        warnOfPinnedStage(
            options.parent,
            pinnedStageWarnings(stage).map((warning) => `${file}: ${warning}`),
        );
        const image = declareImage(
            `${name}-pinned-${stage.name}-${architecture(platform)}`,
            target,
            {
                tag: stage.tag,
                dockerfile: writeStageFiles(path.join(stageFolder, stage.tag), stage),
                target: stage.target,
                buildArgs: stage.buildArgs,
                caches: pinnedStageCaches(stage, cachesHere(build, platform), build.policy.cacheMode),
            },
            { ...options, retainOnDelete: true },
        );
        return [stage.name, pulumi.interpolate`${repositoryUrl}@${image.digest}`] as const;
    });
    return Object.fromEntries(stages);
}

function pinStages(build: ImageBuild, platform: Platform): pinned.PinnedStage[] {
    const { DockerfileError, pinnedSourceOf, pinStages } = load("../plan/pinned") as typeof pinned;
    try {
        return pinStages(pinnedSourceOf(build, platform));
    } catch (error) {
        if (!(error instanceof DockerfileError)) throw error;
        throw new pulumi.RunError(`${relativeToProgram(sourceOf(build).dockerfile)}: ${error.message}.`);
    }
}
