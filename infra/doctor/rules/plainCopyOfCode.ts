import { isCopy } from "../build";
import type { Rule } from "../rule";

/** Rule against copying the image's code, or a folder above it, onto the layers below instead of beside them. */
export const plainCopyOfCode: Rule = {
    id: "plain-copy-of-code",
    consequence:
        "Without --link the copy is made in the layers below it, so for every changed line of code an empty build host reads all of them.",
    remedy: "Write COPY --link. Its target must not lead through a symbolic link of the image.",
    measured: {
        what: "MB read from the registry",
        when: "after a changed line of code, above 20 MB of dependencies",
        against: 21,
        following: 0,
    },
    find: (build) => build.changingLayers().flatMap((step) => (isCopy(step) && !step.isLinked ? [step.line] : [])),
};
