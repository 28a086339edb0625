import { type Build, isCopy, isLayer } from "../build";
import type { Stage, Step } from "../../plan/dockerfile/dockerfile";
import type { Rule } from "../rule";

/**
 * Rule against copying the result of a stage with --link. After a change of its input, BuildKit writes a cache record without a result if
 * the layers below were not read. Layers from the cache are not read; see docs/doctor.md.
 */
export const linkedCopyOfStage: Rule = {
    id: "linked-copy-of-stage",
    consequence:
        "After this stage has changed once, every later build on an empty host reads all layers of the stage, although nothing of it changed.",
    remedy: "Leave --link out for dependencies. Copy the results of code last; --link is right there.",
    measured: {
        what: "MB read from the registry",
        when: "after a changed line of code, once the stage's 20 MB of dependencies had changed",
        against: 21,
        following: 0,
    },
    find: (build) =>
        build.stages.flatMap((stage) =>
            stage.steps.filter((step, index) => isHarmful(build, stage, step, index)).map((step) => step.line),
        ),
};

function isHarmful(build: Build, stage: Stage, step: Step, index: number): boolean {
    if (!isCopy(step) || !step.isLinked) return false;
    const source = build.stageOf(step.from);
    if (source === undefined || !build.chain(source).some(isLayer)) return false;
    // A build that reaches the last copy of code has changed code, so the stage is built anyway.
    const isLast = stage === build.target && !stage.steps.slice(index + 1).some(isLayer);
    if (isLast && build.carriesCode(step)) return false;
    // The stage has read the base for this one as well.
    const isOnSameBase = build.rootImage(stage) !== undefined && build.rootImage(stage) === build.rootImage(source);
    const layersBelow = [...build.inherited(stage), ...stage.steps.slice(0, index)].some(isLayer);
    return !isOnSameBase || layersBelow;
}
