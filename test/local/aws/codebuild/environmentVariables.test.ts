import assert from "node:assert/strict";
import type { ProjectEnvironment } from "@aws-sdk/client-codebuild";
import { builtInVariables } from "../../../../local/aws/codebuild/builtInVariables";
import {
    exportedValues,
    mergeVariables,
    secretReference,
    type Variable,
} from "../../../../local/aws/codebuild/environmentVariables";

describe("codebuild: environment variables", () => {
    it("prefers the start of the build over the project over the buildspec", () => {
        // GIVEN one name in two or three places, with different types
        const buildspec = {
            variables: { A: "buildspec", B: "buildspec", C: "$PATH:/x" },
            parameterStore: { D: "/buildspec" },
            secretsManager: { E: "secret" },
        };
        const project = [
            { name: "B", value: "project" },
            { name: "D", value: "/project", type: "PARAMETER_STORE" as const },
        ];
        const start = [
            { name: "B", value: "start" },
            { name: "E", value: "start", type: "PLAINTEXT" as const },
        ];
        // THEN the last one wins, its type included, and nothing is expanded
        assert.deepEqual(mergeVariables(buildspec, project, start), [
            { name: "A", value: "buildspec", type: "PLAINTEXT" },
            { name: "B", value: "start", type: "PLAINTEXT" },
            { name: "C", value: "$PATH:/x", type: "PLAINTEXT" },
            { name: "D", value: "/project", type: "PARAMETER_STORE" },
            { name: "E", value: "start", type: "PLAINTEXT" },
        ]);
    });

    const arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:db-1a2b3c";
    const none = { jsonKey: undefined, versionStage: undefined, versionId: undefined };
    const references: [text: string, expected: object][] = [
        ["db", { secretId: "db", ...none }],
        ["team/db:password", { secretId: "team/db", ...none, jsonKey: "password" }],
        ["db:password:AWSPREVIOUS", { secretId: "db", ...none, jsonKey: "password", versionStage: "AWSPREVIOUS" }],
        ["db::AWSPREVIOUS", { secretId: "db", ...none, versionStage: "AWSPREVIOUS" }],
        ["db:::v1", { secretId: "db", ...none, versionId: "v1" }],
        [arn, { secretId: arn, ...none }],
        [`${arn}:password`, { secretId: arn, ...none, jsonKey: "password" }],
    ];
    for (const [text, expected] of references) {
        it(`reads the reference ${text}`, () => assert.deepEqual(secretReference(text), expected));
    }

    it("exports neither looked-up values nor AWS_ variables nor what has no value", () => {
        const variables: Variable[] = [
            { name: "TAG", value: "/tag", type: "PARAMETER_STORE" },
            { name: "PASSWORD", value: "db", type: "SECRETS_MANAGER" },
            { name: "PLAIN", value: "1", type: "PLAINTEXT" },
        ];
        const environment = { TAG: "t", PASSWORD: "p", PLAIN: "2", DIGEST: "sha256:0", AWS_REGION: "r", EMPTY: "" };
        const names = ["DIGEST", "TAG", "PASSWORD", "PLAIN", "AWS_REGION", "EMPTY", "UNSET"];
        assert.deepEqual(exportedValues(names, environment, variables), [
            { name: "DIGEST", value: "sha256:0" },
            { name: "PLAIN", value: "2" },
            { name: "EMPTY", value: "" },
        ]);
    });

    it("sets CodeBuild's own variables and leaves out what is not known", () => {
        assert.deepEqual(
            builtInVariables({
                build: { arn: "arn:build", id: "app:1", buildNumber: 7, startTime: 1 },
                project: {
                    arn: "arn:project",
                    encryptionKey: "key",
                    environment: { image: "image" } as ProjectEnvironment,
                    source: { type: "GITHUB", location: "https://example.com/app" },
                },
                request: { initiator: "root", sourceDirectory: "/app", webhook: { event: "push", head: "main" } },
                region: "eu-central-1",
                sourceDirectory: "/src",
            }),
            {
                AWS_DEFAULT_REGION: "eu-central-1",
                AWS_REGION: "eu-central-1",
                CODEBUILD_BUILD_ARN: "arn:build",
                CODEBUILD_BUILD_ID: "app:1",
                CODEBUILD_BUILD_IMAGE: "image",
                CODEBUILD_BUILD_NUMBER: "7",
                CODEBUILD_BUILD_SUCCEEDING: "1",
                CODEBUILD_INITIATOR: "root",
                CODEBUILD_KMS_KEY_ID: "key",
                CODEBUILD_PROJECT_ARN: "arn:project",
                CODEBUILD_SOURCE_REPO_URL: "https://example.com/app",
                CODEBUILD_SRC_DIR: "/src",
                CODEBUILD_START_TIME: "1000",
                CODEBUILD_WEBHOOK_EVENT: "PUSH",
                CODEBUILD_WEBHOOK_HEAD_REF: "refs/heads/main",
                CODEBUILD_WEBHOOK_TRIGGER: "branch/main",
            },
        );
    });
});
