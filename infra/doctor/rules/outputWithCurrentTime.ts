import { type Build, isCopy, isRun } from "../build";
import type { Stage } from "../../plan/dockerfile/dockerfile";
import type { Rule } from "../rule";
import type { Command } from "../../plan/dockerfile/shellCommands";

/** Rule against copying a stage's output of code with the time of its creation. */
export const outputWithCurrentTime: Rule = {
    id: "output-with-current-time",
    consequence:
        "A layer holds the times of its files, so a change that leaves the result as it was (a comment, a test) still pushes it again, and every host pulls it again.",
    remedy: "End the step with a fixed time, such as `touch -d @0 <result>`, or `find <folder> -exec touch -h -d @0 {} +` for a folder.",
    measured: {
        what: "MB written to the registry",
        when: "after a changed comment, with a result of 20 MB",
        against: 20,
        following: 0,
    },
    find(build) {
        const sources = build.stages.flatMap((stage) =>
            stage.steps.flatMap((step) => (isCopy(step) && build.carriesCode(step) ? [build.stageOf(step.from)] : [])),
        );
        const stages = [...new Set(sources)].filter((stage) => stage !== undefined);
        return stages.flatMap((stage) => makerOf(build, stage));
    },
};

/** Finds the line of the last step that makes something from code, unless the stage sets times. */
function makerOf(build: Build, stage: Stage): number[] {
    const steps = build.chain(stage);
    const first = steps.findIndex((step) => build.carriesCode(step));
    const makers = steps.slice(Math.max(first, 0)).filter(isRun);
    const last = makers.at(-1);
    if (first < 0 || last === undefined || makers.some((step) => step.commands.some(setsTimes))) return [];
    return [last.line];
}

function setsTimes(command: Command): boolean {
    return command.includes("touch") && command.some((word) => /^(-[a-z]*[dtr]|--date|--reference)/.test(word));
}
