import { type CopyStep, type Dockerfile, DockerfileError, type RunStep, type Stage, type Step } from "./dockerfile";

/** Finds the stage that `--from` or `from=` names, by name or number. @returns undefined for an image or a named context */
export function stageNamed({ stages }: Dockerfile, from: string | undefined): Stage | undefined {
    if (from === undefined) return undefined;
    return stages.findLast((stage, index) => stage.name === from || String(index) === from);
}

/**
 * Finds the stage that becomes the image.
 *
 * @param name its name or number; the last one when absent
 * @throws DockerfileError for a stage that does not exist
 */
export function targetStage(dockerfile: Dockerfile, name: string | undefined): Stage {
    const { stages } = dockerfile;
    const target = name === undefined ? stages.at(-1) : stageNamed(dockerfile, name.toLowerCase());
    if (target !== undefined) return target;
    const names = stages.map((stage, index) => stage.name ?? String(index)).join(", ");
    throw new DockerfileError(`it has no stage "${name}"; there are ${names}`);
}

/** Lists a stage and all stages that it is made from, in their order in the Dockerfile. */
export function stagesBelow(dockerfile: Dockerfile, target: Stage): Stage[] {
    const reached = new Set<Stage>();
    const reach = (stage: Stage | undefined) => {
        if (stage === undefined || reached.has(stage)) return;
        reached.add(stage);
        reach(stage.baseStage);
        for (const from of sourcesOf(stage)) reach(stageNamed(dockerfile, from));
    };
    reach(target);
    return dockerfile.stages.filter((stage) => reached.has(stage));
}

/** Tells whether a step is a COPY or an ADD. */
export function isCopy(step: Step): step is CopyStep {
    return step.keyword === "COPY" || step.keyword === "ADD";
}

/** Tells whether a step is a RUN. */
export function isRun(step: Step): step is RunStep {
    return step.keyword === "RUN";
}

/** Lists the mounts of a step that show it files of the context, of a stage or of an image. */
export function bindMounts(step: RunStep): RunStep["mounts"] {
    return step.mounts.filter((mount) => mount.type === "bind");
}

/** Lists the origins of the files that a stage's steps take: stages, images or named contexts. */
export function sourcesOf(stage: Stage): string[] {
    return stage.steps
        .flatMap((step) => (isRun(step) ? step.mounts.map(({ from }) => from) : isCopy(step) ? [step.from] : []))
        .filter((from) => from !== undefined);
}
