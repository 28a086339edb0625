import assert from "node:assert/strict";
import {
    actionProjectStatements,
    actionTrustPolicy,
    approvalPolicy,
    deliveryTrustPolicy,
    pipelineRolePolicy,
    pipelineTrustPolicy,
    promotionRoleStatements,
    sourceRolePolicy,
    startRolePolicy,
} from "../../../infra/delivery/deliveryPolicies";

const arn = (service: string, resource: string, account = "123456789012") =>
    `arn:aws:${service}:eu-central-1:${account}:${resource}`;
const bucket = "arn:aws:s3:::artifacts";
const pipeline = arn("codepipeline", "shop-dev");
const kmsKeyArn = arn("kms", "key/1");

/** Reads the statements of a policy. */
function statements(policy: string): object[] {
    return (JSON.parse(policy) as { Statement: object[] }).Statement;
}

/** Names the statements of a policy with their actions. */
function actions(list: object[]): Record<string, unknown> {
    return Object.fromEntries((list as { Sid: string; Action: unknown }[]).map(({ Sid, Action }) => [Sid, Action]));
}

describe("roles of a delivery pipeline", () => {
    it("are assumed by CodePipeline for this pipeline only, and those of actions by the pipeline only", () => {
        assert.deepEqual(statements(pipelineTrustPolicy(pipeline, "123456789012")), [
            {
                Sid: "ThisPipeline",
                Effect: "Allow",
                Principal: { Service: "codepipeline.amazonaws.com" },
                Action: "sts:AssumeRole",
                Condition: { StringEquals: { "aws:SourceAccount": "123456789012", "aws:SourceArn": pipeline } },
            },
        ]);
        assert.deepEqual(statements(actionTrustPolicy("arn:aws:iam::123456789012:role/pipeline")), [
            {
                Sid: "ThisPipeline",
                Effect: "Allow",
                Principal: { AWS: "arn:aws:iam::123456789012:role/pipeline" },
                Action: "sts:AssumeRole",
            },
        ]);
    });

    it("let the pipeline use the roles of its actions and its own bucket", () => {
        const roles = ["arn:aws:iam::123456789012:role/a", "arn:aws:iam::123456789012:role/b"];
        assert.deepEqual(statements(pipelineRolePolicy(roles, { artifactBucketArn: bucket })), [
            { Sid: "ActByRoles", Effect: "Allow", Action: "sts:AssumeRole", Resource: roles },
            {
                Sid: "FindArtifacts",
                Effect: "Allow",
                Action: ["s3:GetBucketAcl", "s3:GetBucketLocation", "s3:GetBucketVersioning"],
                Resource: bucket,
            },
            {
                Sid: "PassArtifacts",
                Effect: "Allow",
                Action: ["s3:GetObject", "s3:PutObject"],
                Resource: `${bucket}/*`,
            },
        ]);
    });

    for (const service of ["codeconnections", "codestar-connections"]) {
        it(`let the source use its one connection, of ${service}`, () => {
            const connection = arn(service, "connection/1");
            assert.deepEqual(statements(sourceRolePolicy(connection, { artifactBucketArn: bucket })), [
                { Sid: "UseConnection", Effect: "Allow", Action: `${service}:UseConnection`, Resource: connection },
                {
                    Sid: "DeliverSource",
                    Effect: "Allow",
                    Action: ["s3:PutObject", "s3:PutObjectAcl"],
                    Resource: `${bucket}/*`,
                },
            ]);
        });
    }

    it("let an action run one project", () => {
        const project = arn("codebuild", "project/shop-dev");
        assert.deepEqual(statements(startRolePolicy(project)), [
            {
                Sid: "RunProject",
                Effect: "Allow",
                Action: ["codebuild:BatchGetBuilds", "codebuild:StartBuild", "codebuild:StopBuild"],
                Resource: project,
            },
        ]);
    });

    it("use the key of the buckets where there is one: for writing only where something is written", () => {
        const scope = { artifactBucketArn: bucket, kmsKeyArn };
        const own = { logGroupArn: "log", cacheBucketArn: "arn:aws:s3:::cache", buildToolsKey: "build-tools/1.js" };
        const uses = [
            statements(pipelineRolePolicy([], scope)),
            statements(sourceRolePolicy(arn("codeconnections", "connection/1"), scope)),
            actionProjectStatements({ ...scope, ...own }),
        ].map((list) => actions(list)["UseEncryptionKey"] as string[]);
        assert.deepEqual(
            uses.map((list) => list.includes("kms:Encrypt")),
            [true, true, false],
        );
    });

    const receiver = "arn:aws:iam::210987654321:role/shop-prod-delivery";
    const scope = {
        releaseParameterArn: arn("ssm", "parameter/shop/dev/config/image-tag"),
        repositoryArn: arn("ecr", "repository/shop-dev"),
        proofs: { bucketArn: "arn:aws:s3:::cache" },
    };

    it("let a promotion read what was built and released here, and act there", () => {
        assert.deepEqual(promotionRoleStatements(receiver, scope), [
            { Sid: "ActInOtherEnvironment", Action: "sts:AssumeRole", Resource: receiver },
            {
                Sid: "ReadReleasesOfSource",
                Action: "ssm:GetParameterHistory",
                Resource: scope.releaseParameterArn,
            },
            { Sid: "ReadProofs", Action: "s3:GetObject", Resource: "arn:aws:s3:::cache/built/*" },
            { Sid: "FindImages", Action: "ecr:DescribeImages", Resource: scope.repositoryArn },
        ]);
    });

    it("let a promotion push only where the other environment has a repository of its own", () => {
        const copyToArn = arn("ecr", "repository/shop-prod", "210987654321");
        const list = promotionRoleStatements(receiver, { ...scope, copyToArn });
        const pushing = list.filter(({ Action }) => Action.includes("ecr:PutImage"));
        assert.deepEqual(
            pushing.map(({ Sid, Resource }) => [Sid, Resource]),
            [["CopyImages", copyToArn]],
        );
    });

    it("let in the promotion of one pipeline, of another account too, before its role exists", () => {
        const promoter = "arn:aws-cn:iam::123456789012:role/shop-dev-promote-prod";
        assert.deepEqual(statements(deliveryTrustPolicy(promoter)), [
            {
                Sid: "PromotionsOfThePipeline",
                Effect: "Allow",
                Principal: { AWS: "arn:aws-cn:iam::123456789012:root" },
                Action: "sts:AssumeRole",
                Condition: { ArnEquals: { "aws:PrincipalArn": promoter } },
            },
        ]);
    });

    it("let people approve by a policy that starts, builds and releases nothing", () => {
        const approval = `${pipeline}/prod/Approve`;
        assert.deepEqual(statements(approvalPolicy(pipeline, [approval])), [
            {
                Sid: "SeePipeline",
                Effect: "Allow",
                Action: ["codepipeline:GetPipelineState", "codepipeline:ListActionExecutions"],
                Resource: pipeline,
            },
            { Sid: "Approve", Effect: "Allow", Action: "codepipeline:PutApprovalResult", Resource: [approval] },
        ]);
    });

    it("let people only see a pipeline without approvals", () => {
        assert.deepEqual(Object.keys(actions(statements(approvalPolicy(pipeline, [])))), ["SeePipeline"]);
    });
});
