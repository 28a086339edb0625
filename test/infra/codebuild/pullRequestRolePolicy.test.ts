import assert from "node:assert/strict";
import { pullRequestRolePolicy, type PullRequestScope } from "../../../infra/codebuild/pullRequestRolePolicy";

const scope: PullRequestScope = {
    repositoryArns: ["arn:aws:ecr:eu-central-1:123456789012:repository/shop"],
    baseRepositoryArns: ["arn:aws:ecr:eu-central-1:123456789012:repository/docker-hub/*"],
    logGroupArn: "arn:aws:logs:eu-central-1:123456789012:log-group:/aws/codebuild/shop-pull-request",
    bucketArn: "arn:aws:s3:::shop-cache",
    objectKeys: ["build-tools/1.js"],
    source: { connectionArn: "arn:aws:codeconnections:eu-central-1:123456789012:connection/1" },
    kmsKeyArn: "arn:aws:kms:eu-central-1:123456789012:key/1",
};
const pull = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];

describe("pullRequestRolePolicy", () => {
    it("allows to pull, to fetch source and tools, and to write the log", () => {
        assert.deepEqual(JSON.parse(pullRequestRolePolicy(scope)), {
            Version: "2012-10-17",
            Statement: [
                { Sid: "LogIn", Effect: "Allow", Action: ["ecr:GetAuthorizationToken"], Resource: "*" },
                { Sid: "PullImagesAndCache", Effect: "Allow", Action: pull, Resource: scope.repositoryArns },
                {
                    Sid: "PullBaseImages",
                    Effect: "Allow",
                    Action: [...pull.slice(0, 2), "ecr:BatchImportUpstreamImage", ...pull.slice(2)],
                    Resource: scope.baseRepositoryArns,
                },
                {
                    Sid: "WriteLog",
                    Effect: "Allow",
                    Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
                    Resource: [scope.logGroupArn, `${scope.logGroupArn}:*`],
                },
                {
                    Sid: "UseSourceConnection",
                    Effect: "Allow",
                    Action: ["codeconnections:GetConnection", "codeconnections:GetConnectionToken"],
                    Resource: [scope.source.connectionArn],
                },
                {
                    Sid: "ReadBuildTools",
                    Effect: "Allow",
                    Action: "s3:GetObject",
                    Resource: ["arn:aws:s3:::shop-cache/build-tools/1.js"],
                },
                {
                    Sid: "ReadProofs",
                    Effect: "Allow",
                    Action: "s3:GetObject",
                    Resource: ["arn:aws:s3:::shop-cache/built/shop/*"],
                },
                { Sid: "UseEncryptionKey", Effect: "Allow", Action: ["kms:Decrypt"], Resource: [scope.kmsKeyArn] },
            ],
        });
    });

    it("leaves out what the stack does not have", () => {
        const { Statement } = JSON.parse(
            pullRequestRolePolicy({ ...scope, baseRepositoryArns: [], source: {}, kmsKeyArn: undefined }),
        ) as { Statement: { Sid: string }[] };
        assert.deepEqual(
            Statement.map(({ Sid }) => Sid),
            ["LogIn", "PullImagesAndCache", "WriteLog", "ReadBuildTools", "ReadProofs"],
        );
    });
});
