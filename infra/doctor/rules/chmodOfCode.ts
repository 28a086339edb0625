import { isCopy } from "../build";
import type { Rule } from "../rule";

/** Rule against copying the image's code, or a folder above it, with --link and --chmod. */
export const chmodOfCode: Rule = {
    id: "chmod-of-code",
    consequence:
        "With --chmod BuildKit reads the layers below in spite of --link, so for every changed line of code an empty build host reads all of them.",
    remedy: "Give the files their modes in the repository (git update-index --chmod=+x), or in the stage that makes them.",
    measured: {
        what: "MB read from the registry",
        when: "after a changed line of code, above 20 MB of dependencies",
        against: 21,
        following: 0,
    },
    find: (build) =>
        build.changingLayers().flatMap((step) => (isCopy(step) && step.isLinked && step.setsMode ? [step.line] : [])),
};
