import { isRun } from "../build";
import type { Rule } from "../rule";

/** Names under which build systems pass values that differ in every build. */
const changing = new Set(
    `BUILD_DATE BUILD_TIME BUILD_TIMESTAMP BUILD_ID BUILD_NUMBER BUILD_NUM BUILD_SHA BUILD_COMMIT DATE TIMESTAMP CREATED
     COMMIT COMMIT_HASH COMMIT_ID COMMIT_SHA GIT_COMMIT GIT_COMMIT_SHA GIT_HASH GIT_REF GIT_REV GIT_REVISION GIT_SHA REVISION
     SOURCE_COMMIT SOURCE_DATE_EPOCH VCS_REF CACHEBUST CACHE_BUST CI_COMMIT_SHA CI_COMMIT_SHORT_SHA CI_JOB_ID CI_PIPELINE_ID
     CODEBUILD_BUILD_ID CODEBUILD_BUILD_NUMBER CODEBUILD_RESOLVED_SOURCE_VERSION GITHUB_RUN_ID GITHUB_RUN_NUMBER GITHUB_SHA`.split(
        /\s+/,
    ),
);

/** Rule against an argument that differs in every build and is declared above a RUN; BuildKit counts it as an input of all later RUNs. */
export const changingArgumentEarly: Rule = {
    id: "changing-argument-early",
    consequence: "Every RUN below the argument runs again in every build, whether it uses the argument or not.",
    remedy: "Declare it below the last RUN of the stage; a LABEL can use it there.",
    measured: {
        what: "RUN executed",
        when: "after a commit that changed no file of the image",
        against: 2,
        following: 0,
    },
    find: (build) =>
        build.stages.flatMap((stage) =>
            stage.steps.flatMap((step, index) => {
                const isChanging =
                    (step.keyword === "ARG" || step.keyword === "ENV") &&
                    step.variables.some(({ name }) => changing.has(name.toUpperCase()));
                return isChanging && stage.steps.slice(index + 1).some(isRun) ? [step.line] : [];
            }),
        ),
};
