import assert from "node:assert/strict";
import type { Project, StartBuildCommandInput } from "@aws-sdk/client-codebuild";
import { applyOverrides } from "../../../../local/aws/codebuild/project";

const project: Project = {
    name: "app",
    arn: "arn",
    serviceRole: "role",
    encryptionKey: "key",
    timeoutInMinutes: 30,
    source: { type: "NO_SOURCE", buildspec: "buildspec.yml" },
    artifacts: { type: "NO_ARTIFACTS" },
    environment: {
        type: "LINUX_CONTAINER",
        image: "image",
        computeType: "BUILD_GENERAL1_SMALL",
        environmentVariables: [
            { name: "A", value: "1", type: "PLAINTEXT" },
            { name: "B", value: "/b", type: "PARAMETER_STORE" },
        ],
    },
};

describe("codebuild: project of a build", () => {
    it("takes over the overrides of the start, and variables by name", () => {
        const start: StartBuildCommandInput = {
            projectName: "app",
            sourceVersion: "v1",
            buildspecOverride: "version: 0.2\n",
            imageOverride: "other",
            privilegedModeOverride: true,
            timeoutInMinutesOverride: 5,
            serviceRoleOverride: "other-role",
            environmentVariablesOverride: [
                { name: "B", value: "2" },
                { name: "C", value: "3" },
            ],
            idempotencyToken: "token",
            certificateOverride: undefined,
        };
        const before = structuredClone(project);
        assert.deepEqual(applyOverrides(project, start), {
            ...project,
            sourceVersion: "v1",
            serviceRole: "other-role",
            timeoutInMinutes: 5,
            source: { type: "NO_SOURCE", buildspec: "version: 0.2\n" },
            environment: {
                ...project.environment,
                image: "other",
                privilegedMode: true,
                environmentVariables: [
                    { name: "A", value: "1", type: "PLAINTEXT" },
                    { name: "B", value: "2" },
                    { name: "C", value: "3" },
                ],
            },
        });
        assert.deepEqual(project, before);
    });

    const refusals: [what: string, project: Project, start: object, message: string][] = [
        ["what has no effect", project, { debugSessionEnabled: true }, "debugSessionEnabled is not supported offline."],
        [
            "a pipeline's project",
            { ...project, source: { type: "CODEPIPELINE" } },
            {},
            "Project app belongs to a pipeline, which alone can start its builds.",
        ],
        [
            "secondary sources",
            { ...project, secondarySources: [{ type: "S3" }] },
            {},
            "Project app has secondary sources, which are not supported offline.",
        ],
    ];
    for (const [what, given, start, message] of refusals) {
        it(`refuses ${what}`, () => {
            assert.throws(() => applyOverrides(given, { projectName: "app", ...start }), {
                code: "InvalidInputException",
                message,
            });
        });
    }

    it("refuses reserved names of variables", () => {
        const environmentVariablesOverride = [{ name: "CODEBUILD_X", value: "1" }];
        assert.throws(() => applyOverrides(project, { projectName: "app", environmentVariablesOverride }), {
            message: /^There is a variable "CODEBUILD_X"; names have letters/,
        });
    });
});
