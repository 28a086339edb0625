import { isRun, type Build } from "../build";
import type { RunStep } from "../../plan/dockerfile/dockerfile";
import { installsDependencies } from "../packageManagers";
import type { Rule } from "../rule";

/** Rule against a step that installs dependencies and reruns after a changed line of code. */
export const dependenciesAfterCode: Rule = {
    id: "dependencies-after-code",
    consequence: "Every changed line of code installs all dependencies again, and every host pulls them again.",
    remedy: "Copy only the files that name the dependencies (requirements.txt, package-lock.json, go.sum), install, and copy the code after that.",
    measured: {
        what: "RUN executed",
        when: "after a changed line of code",
        against: 1,
        following: 0,
    },
    find: (build) => installsAfterCode(build).map((step) => step.line),
};

/** Lists the steps that install dependencies and rerun after a changed line of code. */
export function installsAfterCode(build: Build): RunStep[] {
    return build.stages.flatMap((stage) => {
        const chain = build.chain(stage);
        const firstWithCode = chain.findIndex((step) => build.carriesCode(step));
        if (firstWithCode < 0) return [];
        return chain
            .slice(firstWithCode)
            .filter(isRun)
            .filter((step) => stage.steps.includes(step) && step.commands.some(installsDependencies));
    });
}
