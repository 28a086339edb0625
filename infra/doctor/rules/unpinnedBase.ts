import { isCopy } from "../build";
import type { Stage } from "../../plan/dockerfile/dockerfile";
import type { Rule } from "../rule";

/** Rule against an image named without a version. */
export const unpinnedBase: Rule = {
    id: "unpinned-base",
    consequence:
        "Whenever the image's publisher moves the tag latest, everything above it is built, pushed and pulled again.",
    remedy: "Name a version (python:3.12-slim); with a digest (python:3.12-slim@sha256:…) it changes only when you say so.",
    measured: {
        what: "RUN executed",
        when: "after a release of the base image, with no file changed",
        against: 1,
        following: 0,
    },
    find: (build) =>
        build.stages.flatMap((stage) =>
            imagesOf(stage)
                .filter(([image]) => isUnpinned(image))
                .map(([, line]) => line),
        ),
};

/** Lists the images that a stage reads, each with its line. */
function imagesOf(stage: Stage): [string, number][] {
    const base: [string, number][] = stage.baseImage === undefined ? [] : [[stage.baseImage, stage.line]];
    // A plain name may be a stage or a named context.
    const copied = stage.steps.flatMap((step): [string, number][] =>
        isCopy(step) && step.from?.includes("/") ? [[step.from, step.line]] : [],
    );
    return [...base, ...copied];
}

/** Tells whether a reference names neither version nor digest; a part with an unknown value counts as a version. */
function isUnpinned(image: string): boolean {
    const name = image.slice(image.lastIndexOf("/") + 1);
    if (name.includes("$") || image.includes("@")) return false;
    const [, tag = "latest"] = name.split(":");
    return tag === "latest";
}
