import assert from "node:assert/strict";
import { startBuildPolicy } from "../../../infra/codebuild/startBuildPolicy";

interface Statement {
    Sid: string;
    Effect: string;
    Action: string | string[];
    Resource: string;
    Condition?: { Null: Record<string, string> };
}

const projectArn = "arn:aws:codebuild:eu-central-1:123456789012:project/cached-image-pipeline-production";
const logGroupArn = "arn:aws:logs:eu-central-1:123456789012:log-group:/aws/codebuild/cached-image-pipeline-production";
const text = startBuildPolicy({ projectArn, logGroupArn });
const { Statement: statements } = JSON.parse(text) as { Statement: Statement[] };

describe("startBuildPolicy", () => {
    it("allows to start, follow and stop builds of this project, and to read their log", () => {
        assert.deepEqual(
            statements.filter(({ Effect }) => Effect === "Allow"),
            [
                {
                    Sid: "StartAndFollowBuilds",
                    Effect: "Allow",
                    Action: ["codebuild:BatchGetBuilds", "codebuild:StartBuild", "codebuild:StopBuild"],
                    Resource: projectArn,
                },
                {
                    Sid: "ReadLog",
                    Effect: "Allow",
                    Action: "logs:GetLogEvents",
                    Resource: `${logGroupArn}:log-stream:*`,
                },
            ],
        );
    });

    it("denies every override that AWS has a key for, each by itself", () => {
        const denied = statements.filter(({ Condition }) => Condition !== undefined);
        assert.deepEqual(
            denied.map(({ Sid, ...rest }) => ({ ...rest, hasName: Sid.startsWith("DenyOther") })),
            [
                "codebuild:source",
                "codebuild:source.location",
                "codebuild:source.auth.resource",
                "codebuild:source.auth.type",
                "codebuild:source.insecureSsl",
                "codebuild:source.buildspec",
                "codebuild:secondarySources",
                "codebuild:serviceRole",
                "codebuild:environment.image",
                "codebuild:environment.registryCredential",
                "codebuild:environment.imagePullCredentialsType",
                "codebuild:environment.privilegedMode",
                "codebuild:environment.type",
                "codebuild:environment.certificate",
                "codebuild:environment.fleet.fleetArn",
                "codebuild:environment.environmentVariables.name",
                "codebuild:artifacts",
                "codebuild:secondaryArtifacts",
                "codebuild:cache",
                "codebuild:encryptionKey",
                "codebuild:logsConfig",
            ].map((key) => ({
                Effect: "Deny",
                Action: "codebuild:StartBuild",
                Resource: projectArn,
                Condition: { Null: { [key]: "false" } },
                hasName: true,
            })),
        );
    });

    it("denies batches, which could override the same", () => {
        assert.deepEqual(statements.at(-1), {
            Sid: "DenyBatches",
            Effect: "Deny",
            Action: "codebuild:StartBuildBatch",
            Resource: projectArn,
        });
    });

    it("gives each statement a name of its own", () => {
        assert.equal(new Set(statements.map(({ Sid }) => Sid)).size, statements.length);
    });

    it("fits into a managed policy, which takes 6144 characters", () =>
        assert.ok(text.length < 6144, `${text.length}`));
});
