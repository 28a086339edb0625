import type { Rule } from "../rule";

/** Rule against a WORKDIR of the image above its code; it makes a layer as a RUN does. */
export const workdirAfterCode: Rule = {
    id: "workdir-after-code",
    consequence:
        "WORKDIR makes a folder in the layers below it, so for every changed line of code an empty build host reads all of them.",
    remedy: "Put WORKDIR above the copy of the code.",
    measured: {
        what: "MB read from the registry",
        when: "after a changed line of code, above 20 MB of dependencies",
        against: 21,
        following: 0,
    },
    find: (build) => build.changingLayers().flatMap((step) => (step.keyword === "WORKDIR" ? [step.line] : [])),
};
