import type { Rule } from "../rule";

/** Rule against reading all of the context without an ignore file. */
export const missingDockerignore: Rule = {
    id: "missing-dockerignore",
    consequence:
        "The step runs again when any file beside the code changes: documentation, test results, and with .git in the context every commit.",
    remedy: "Write a .dockerignore beside the Dockerfile's context that excludes everything (*) and brings back what the image is made from (!src), or at least excludes .git.",
    measured: {
        what: "RUN executed",
        when: "after a changed README",
        against: 1,
        following: 0,
    },
    find: (build) =>
        build.files.hasIgnoreFile && !build.files.sendsGit
            ? []
            : build.stages.flatMap((stage) =>
                  stage.steps.filter((step) => build.readsWholeContext(step)).map((step) => step.line),
              ),
};
