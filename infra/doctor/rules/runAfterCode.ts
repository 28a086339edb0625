import { isRun } from "../build";
import type { Rule } from "../rule";
import { installsAfterCode } from "./dependenciesAfterCode";

/** Rule against a RUN of the image itself that reruns after a changed line of code. */
export const runAfterCode: Rule = {
    id: "run-after-code",
    consequence:
        "The step runs again for every changed line of code, and an empty build host must first read all layers below it.",
    remedy: "Run it before the code is copied, or in a stage of its own whose result is copied last, with COPY --link. For an owner, COPY --link --chown=<number>; for modes, those of the files in the repository.",
    measured: {
        what: "MB read from the registry",
        when: "after a changed line of code, above 20 MB of dependencies",
        against: 21,
        following: 0,
    },
    find(build) {
        const installs = installsAfterCode(build);
        const runs = build.changingLayers().filter(isRun);
        return runs.filter((step) => !installs.includes(step)).map((step) => step.line);
    },
};
