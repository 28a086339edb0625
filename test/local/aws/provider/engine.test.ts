import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { OpMap } from "@pulumi/pulumi/automation";
import assert from "node:assert/strict";
import { createAwsContext } from "../../../../local/aws/provider/awsContext";
import type { AwsContext } from "../../../../local/aws/provider/resourceType";
import { startWorld, type TestWorld } from "./support";

const document = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });
const trust = document({
    Effect: "Allow",
    Principal: { Service: "codebuild.amazonaws.com" },
    Action: "sts:AssumeRole",
});
const allow = (...Action: string[]) => document({ Effect: "Allow", Action, Resource: "*" });
const untagged = (countNumber: number) => ({
    rules: [
        {
            rulePriority: 1,
            selection: { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber },
            action: { type: "expire" },
        },
    ],
});

/** Declares the pipeline's resources, and one of everything else that the provider supports. */
function everything(days = 7) {
    const repository = new aws.ecr.Repository("app", {
        imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
        imageTagMutabilityExclusionFilters: [{ filter: "cache-*", filterType: "WILDCARD" }],
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfigurations: [{ encryptionType: "AES256" }],
        forceDelete: true,
        tags: { team: "a", env: "test" },
    });
    new aws.ecr.LifecyclePolicy("app", { repository: repository.name, policy: JSON.stringify(untagged(days)) });
    new aws.ecr.RepositoryPolicy("app", {
        repository: repository.name,
        policy: document({ Effect: "Allow", Principal: "*", Action: ["ecr:BatchGetImage"] }),
    });
    const bucket = new aws.s3.Bucket("cache", { forceDestroy: true, tags: { team: "a" } });
    new aws.s3.BucketPublicAccessBlock("cache", {
        bucket: bucket.id,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
    });
    new aws.s3.BucketServerSideEncryptionConfiguration("cache", {
        bucket: bucket.id,
        rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
    });
    new aws.s3.BucketLifecycleConfiguration("cache", {
        bucket: bucket.id,
        rules: [
            { id: "expire", status: "Enabled", filter: { prefix: "cache/" }, expiration: { days } },
            { id: "uploads", status: "Enabled", abortIncompleteMultipartUpload: { daysAfterInitiation: 1 } },
        ],
    });
    new aws.s3.BucketVersioning("cache", { bucket: bucket.id, versioningConfiguration: { status: "Enabled" } });
    new aws.s3.BucketOwnershipControls("cache", {
        bucket: bucket.id,
        rule: { objectOwnership: "BucketOwnerEnforced" },
    });
    new aws.s3.BucketPolicy("cache", {
        bucket: bucket.id,
        policy: bucket.arn.apply((arn) =>
            document({
                Effect: "Deny",
                Principal: "*",
                Action: "s3:*",
                Resource: [arn, `${arn}/*`],
                Condition: { Bool: { "aws:SecureTransport": "false" } },
            }),
        ),
    });
    const object = new aws.s3.BucketObjectv2("tool.js", {
        bucket: bucket.id,
        source: new pulumi.asset.StringAsset("console.log(1);\n"),
        contentType: "text/javascript",
    });
    const parameter = new aws.ssm.Parameter("tag", {
        name: "/app/test/config/image-tag",
        type: "String",
        insecureValue: "none",
        description: "The release",
        tags: { team: "a" },
    });
    const secureParameter = new aws.ssm.Parameter("password", { type: "SecureString", value: "s3cr3t-value" });
    const role = new aws.iam.Role("build", { assumeRolePolicy: trust, maxSessionDuration: 7200, tags: { team: "a" } });
    new aws.iam.RolePolicy("build", { role: role.id, policy: allow("ecr:GetAuthorizationToken") });
    const policy = new aws.iam.Policy("logs", { policy: allow("logs:PutLogEvents", "logs:CreateLogStream") });
    new aws.iam.RolePolicyAttachment("logs", { role: role.name, policyArn: policy.arn });
    const logs = new aws.cloudwatch.LogGroup("build", { retentionInDays: days, tags: { team: "a" } });
    const project = new aws.codebuild.Project("build", {
        name: "build-of-app",
        serviceRole: role.arn,
        artifacts: { type: "NO_ARTIFACTS" },
        cache: { type: "S3", location: bucket.bucket, cacheNamespace: "app" },
        environment: {
            type: "LINUX_CONTAINER",
            computeType: "BUILD_GENERAL1_SMALL",
            image: "aws/codebuild/standard:7.0",
            privilegedMode: true,
            environmentVariables: [{ name: "REPOSITORY", value: repository.repositoryUrl }],
        },
        logsConfig: { cloudwatchLogs: { groupName: logs.name } },
        source: { type: "NO_SOURCE", buildspec: "version: 0.2\n" },
        concurrentBuildLimit: 2,
        tags: { team: "a" },
    });
    return {
        repositoryName: repository.name,
        repositoryUrl: repository.repositoryUrl,
        repositoryArn: repository.arn,
        bucket: bucket.bucket,
        objectArn: object.arn,
        parameterVersion: parameter.version,
        password: secureParameter.value,
        roleName: role.name,
        projectArn: project.arn,
        logGroup: logs.name,
    };
}

const changesOf = (changes: OpMap | undefined) => ({ ...changes });
type Outputs = Record<string, { value: unknown; secret: boolean }>;
const valueOf = (outputs: Outputs, name: string) => String(outputs[name]?.value);

describe("the local aws provider under the real engine", function () {
    this.timeout(120_000);
    let world: TestWorld;
    let context: AwsContext;
    const rootStack = 1;

    before(async () => {
        world = await startWorld();
        context = createAwsContext(world.settings);
    });
    after(() => world.stop());

    it("creates, keeps, changes, refreshes and destroys one of everything", async () => {
        const total = 19 + rootStack;
        let days = 7;
        const stack = await world.stack("everything", () => Promise.resolve(everything(days)));
        const { ecr, s3, ssm, logs, iam } = context.clients;

        // preview writes nothing
        assert.deepEqual(changesOf((await stack.preview()).changeSummary), { create: total });
        assert.deepEqual((await ecr.describeRepositories({})).repositories, []);

        // up
        const first = await stack.up();
        assert.deepEqual(changesOf(first.summary.resourceChanges), { create: total });
        const repositoryName = valueOf(first.outputs, "repositoryName");
        const bucket = valueOf(first.outputs, "bucket");
        assert.match(repositoryName, /^app-[0-9a-f]{7}$/);
        assert.match(bucket, /^cache-[0-9a-f]{7}$/);
        const [described] = (await ecr.describeRepositories({})).repositories ?? [];
        assert.equal(valueOf(first.outputs, "repositoryUrl"), described?.repositoryUri);
        assert.equal(valueOf(first.outputs, "repositoryArn"), described?.repositoryArn);
        assert.equal(valueOf(first.outputs, "objectArn"), `arn:aws:s3:::${bucket}/tool.js`);
        const content = await s3.getObject({ Bucket: bucket, Key: "tool.js" });
        assert.equal(await content.Body?.transformToString(), "console.log(1);\n");
        assert.deepEqual(first.outputs.password, { value: "s3cr3t-value", secret: true });
        const state = world.state("everything");
        assert.equal(state.includes("image-tag"), true);
        assert.equal(state.includes("s3cr3t-value"), false);

        // nothing changed
        assert.deepEqual(changesOf((await stack.up()).summary.resourceChanges), { same: total });
        assert.deepEqual(changesOf((await stack.refresh()).summary.resourceChanges), { same: total });

        // update in place and, for the lifecycle policy, replacement
        days = 14;
        assert.deepEqual(changesOf((await stack.preview()).changeSummary), { update: 2, replace: 1, same: total - 3 });
        assert.deepEqual(changesOf((await stack.up()).summary.resourceChanges), {
            update: 2,
            replace: 1,
            same: total - 3,
        });
        const group = await logs.describeLogGroups({ logGroupNamePrefix: valueOf(first.outputs, "logGroup") });
        assert.equal(group.logGroups?.[0]?.retentionInDays, 14);
        const lifecycle = await ecr.getLifecyclePolicy({ repositoryName });
        assert.deepEqual(JSON.parse(lifecycle.lifecyclePolicyText ?? ""), untagged(14));

        // drift, and a resource deleted behind its back
        const name = "/app/test/config/image-tag";
        await ssm.putParameter({ Name: name, Value: "v2", Type: "String", Overwrite: true });
        await ecr.putImageScanningConfiguration({ repositoryName, imageScanningConfiguration: { scanOnPush: false } });
        await s3.deleteBucketPolicy({ Bucket: bucket });
        const drift = await stack.refresh();
        assert.deepEqual(changesOf(drift.summary.resourceChanges), { update: 2, delete: 1, same: total - 3 });
        const repaired = await stack.up();
        assert.deepEqual(changesOf(repaired.summary.resourceChanges), { create: 1, update: 2, same: total - 3 });
        assert.equal((await ssm.getParameter({ Name: name })).Parameter?.Value, "none");
        assert.deepEqual(changesOf((await stack.up()).summary.resourceChanges), { same: total });

        // destroy leaves nothing
        const destroyed = await stack.destroy();
        assert.deepEqual(changesOf(destroyed.summary.resourceChanges), { delete: total });
        assert.deepEqual((await ecr.describeRepositories({})).repositories, []);
        assert.deepEqual((await s3.listBuckets({})).Buckets ?? [], []);
        assert.deepEqual((await ssm.describeParameters({})).Parameters, []);
        assert.deepEqual((await logs.describeLogGroups({})).logGroups, []);
        assert.deepEqual((await context.clients.codebuild.listProjects({})).projects, []);
        const roles = (await iam.listRoles({})).Roles?.map((role) => role.RoleName);
        assert.equal(roles?.includes(valueOf(first.outputs, "roleName")), false);
    });
});
