import * as fs from "node:fs";
import type { ImageSource } from "../contentTag";
import type { Step } from "../doctor/dockerfile";
import { parseDockerfile } from "../doctor/parseDockerfile";
import { stagesBelow, targetStage } from "../doctor/stages";

/** What decides which steps an image has besides those of its pinned stages. */
export type StepSource = Pick<ImageSource, "dockerfile" | "target" | "buildArgs"> & { pinnedStages: string[] };

/**
 * Whether reading a cache could spare an image a step: whether it has others, besides those of its pinned stages, than copies of the
 * build context. A changed file is copied again whatever a cache holds, and an image without any change is found by its tag.
 *
 * @throws DockerfileError for a stage that is not there
 */
export function hasStepsToCache({ dockerfile: file, target, buildArgs, pinnedStages }: StepSource): boolean {
    const dockerfile = parseDockerfile(fs.readFileSync(file, "utf8"), buildArgs);
    const pinned = pinnedStages.map((name) => targetStage(dockerfile, name));
    const own = stagesBelow(dockerfile, targetStage(dockerfile, target), pinned);
    return own.some(({ steps }) => steps.some(isSpared));
}

function isSpared(step: Step): boolean {
    if (step.keyword === "ARG" || step.keyword === "ENV") return false;
    return step.keyword !== "COPY" || step.from !== undefined;
}
