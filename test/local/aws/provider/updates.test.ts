import * as aws from "@pulumi/aws";
import assert from "node:assert/strict";
import { createAwsContext } from "../../../../local/aws/provider/awsContext";
import type { AwsContext } from "../../../../local/aws/provider/resourceType";
import { startWorld, type TestWorld } from "./support";

const allow = (Action: string, Resource = "*"): aws.iam.PolicyDocument => ({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action, Resource }],
});
const trust = (Service: string): aws.iam.PolicyDocument => ({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service }, Action: "sts:AssumeRole" }],
});
const boundary = "arn:aws:iam::aws:policy/PowerUserAccess";

/** Declares everything that can be changed in place, before (false) and after (true). */
function program(after: boolean): undefined {
    const tags: Record<string, string> = after ? { kept: "2", added: "1" } : { kept: "1", removed: "1" };
    const either = <T>(before: T, later: T): T => (after ? later : before);
    const repository = new aws.ecr.Repository("r", {
        name: "repository",
        imageTagMutability: either("MUTABLE", "IMMUTABLE"),
        imageScanningConfiguration: { scanOnPush: after },
        forceDelete: after,
        tags,
    });
    new aws.ecr.RepositoryPolicy("r", {
        repository: repository.name,
        policy: allow(either("ecr:BatchGetImage", "ecr:ListImages")),
    });
    const bucket = new aws.s3.Bucket("b", { bucket: "bucket-of-updates", tags });
    new aws.s3.BucketVersioning("b", {
        bucket: bucket.id,
        versioningConfiguration: { status: either("Enabled", "Suspended") },
    });
    new aws.s3.BucketPublicAccessBlock("b", { bucket: bucket.id, blockPublicAcls: after });
    new aws.s3.BucketPolicy("b", {
        bucket: bucket.id,
        policy: allow(either("s3:GetObject", "s3:PutObject"), "arn:aws:s3:::bucket-of-updates/*"),
    });
    new aws.s3.BucketOwnershipControls("b", {
        bucket: bucket.id,
        rule: { objectOwnership: either("ObjectWriter", "BucketOwnerEnforced") },
    });
    new aws.s3.BucketObjectv2("b", { bucket: bucket.id, key: "k", content: either("1", "2"), forceDestroy: true });
    new aws.ssm.Parameter("p", {
        name: "/p",
        type: "String",
        insecureValue: either("1", "2"),
        description: either("before", undefined),
        tags,
    });
    const role = new aws.iam.Role("r", {
        name: "role",
        assumeRolePolicy: trust(either("ecs.amazonaws.com", "codebuild.amazonaws.com")),
        description: either("before", "after"), // MiniStack ignores an update that takes the description away
        maxSessionDuration: either(3600, 7200),
        permissionsBoundary: either(undefined, boundary),
        tags,
    });
    new aws.iam.RolePolicy("r", {
        name: "inline",
        role: role.name,
        policy: allow(either("s3:GetObject", "s3:PutObject")),
    });
    new aws.iam.Policy("m", { name: "managed", policy: allow(either("s3:GetObject", "s3:PutObject")), tags });
    new aws.cloudwatch.LogGroup("l", { name: "logs", retentionInDays: either(7, undefined), tags });
    const project = new aws.codebuild.Project("c", {
        name: "project",
        description: either("before", undefined),
        serviceRole: role.arn,
        artifacts: { type: "NO_ARTIFACTS" },
        cache: either({ type: "S3", location: "bucket-of-updates" }, undefined),
        environment: {
            type: "LINUX_CONTAINER",
            computeType: "BUILD_GENERAL1_SMALL",
            image: either("aws/codebuild/standard:6.0", "aws/codebuild/standard:7.0"),
            environmentVariables: either([{ name: "A", value: "1" }], []),
        },
        source: {
            type: "GITHUB",
            location: "https://github.com/example/app.git",
            buildspec: either("version: 0.1\n", "version: 0.2\n"),
        },
        buildTimeout: either(30, undefined),
        tags,
    });
    new aws.codebuild.Webhook("w", {
        projectName: project.name,
        filterGroups: either(["PUSH"], ["PULL_REQUEST_UPDATED", "PULL_REQUEST_CREATED"]).map((pattern) => ({
            filters: [
                { type: "EVENT", pattern },
                { type: "BASE_REF", pattern: "main", excludeMatchedPattern: true },
            ],
        })),
        pullRequestBuildPolicy: either(undefined, { requiresCommentApproval: "ALL_PULL_REQUESTS" }),
    });
    return undefined;
}

describe("updates in place under the real engine", function () {
    this.timeout(120_000);
    let world: TestWorld;
    let context: AwsContext;

    before(async () => {
        world = await startWorld();
        context = createAwsContext(world.settings);
    });
    after(() => world.stop());

    it("reach AWS and leave no difference", async () => {
        let after = false;
        const stack = await world.stack("updates", () => Promise.resolve(program(after)));
        await stack.up();
        assert.deepEqual((await stack.up()).summary.resourceChanges, { same: 16 });

        after = true;
        assert.deepEqual((await stack.up()).summary.resourceChanges, { update: 15, same: 1 });

        assert.deepEqual((await stack.refresh()).summary.resourceChanges, { same: 16 });
        assert.deepEqual((await stack.up()).summary.resourceChanges, { same: 16 });
        assert.deepEqual(await facts(context), {
            repository: { mutability: "IMMUTABLE", scan: true, tags: { kept: "2", added: "1" } },
            bucket: { versioning: "Suspended", blocked: true, object: "2", tags: { kept: "2", added: "1" } },
            parameter: { value: "2", description: "", tags: { kept: "2", added: "1" } },
            role: {
                trust: trust("codebuild.amazonaws.com"),
                boundary,
                seconds: 7200,
                inline: allow("s3:PutObject"),
                tags: { kept: "2", added: "1" },
            },
            policy: { document: allow("s3:PutObject"), tags: { kept: "2", added: "1" } },
            logs: { retention: undefined, tags: { kept: "2", added: "1" } },
            project: { buildspec: "version: 0.2\n", image: "aws/codebuild/standard:7.0", variables: 0, minutes: 60 },
            webhook: {
                groups: ["PULL_REQUEST_UPDATED", "PULL_REQUEST_CREATED"].map((pattern) => [
                    { type: "EVENT", pattern },
                    { type: "BASE_REF", pattern: "main", excludeMatchedPattern: true },
                ]),
                approval: { requiresCommentApproval: "ALL_PULL_REQUESTS" },
            },
        });
        assert.deepEqual((await stack.destroy()).summary.resourceChanges, { delete: 16 });
    });
});

const tagsOf = (list: { Key?: string; Value?: string }[] | undefined): Record<string, string | undefined> =>
    Object.fromEntries((list ?? []).map(({ Key = "", Value }) => [Key, Value]));
const decoded = (document: string | undefined): unknown => JSON.parse(decodeURIComponent(document ?? ""));

async function facts({ clients }: AwsContext) {
    const { ecr, s3, ssm, iam, logs, codebuild } = clients;
    const [repository] = (await ecr.describeRepositories({})).repositories ?? [];
    const Bucket = "bucket-of-updates";
    const object = await s3.getObject({ Bucket, Key: "k" });
    const { Role } = await iam.getRole({ RoleName: "role" });
    const inline = await iam.getRolePolicy({ RoleName: "role", PolicyName: "inline" });
    const policy = (await iam.listPolicies({ Scope: "Local" })).Policies?.find(
        (found) => found.PolicyName === "managed",
    );
    const PolicyArn = policy?.Arn;
    const version = await iam.getPolicyVersion({ PolicyArn, VersionId: policy?.DefaultVersionId });
    const [group] = (await logs.describeLogGroups({})).logGroups ?? [];
    const [project] = (await codebuild.batchGetProjects({ names: ["project"] })).projects ?? [];
    const resourceArn = (group?.arn ?? "").replace(/:\*$/, "");
    const [parameter] = (await ssm.describeParameters({})).Parameters ?? [];
    return {
        repository: {
            mutability: repository?.imageTagMutability,
            scan: repository?.imageScanningConfiguration?.scanOnPush,
            tags: tagsOf((await ecr.listTagsForResource({ resourceArn: repository?.repositoryArn })).tags),
        },
        bucket: {
            versioning: (await s3.getBucketVersioning({ Bucket })).Status,
            blocked: (await s3.getPublicAccessBlock({ Bucket })).PublicAccessBlockConfiguration?.BlockPublicAcls,
            object: await object.Body?.transformToString(),
            tags: tagsOf((await s3.getBucketTagging({ Bucket })).TagSet),
        },
        parameter: {
            value: (await ssm.getParameter({ Name: "/p" })).Parameter?.Value,
            description: parameter?.Description,
            tags: tagsOf((await ssm.listTagsForResource({ ResourceType: "Parameter", ResourceId: "/p" })).TagList),
        },
        role: {
            trust: decoded(Role?.AssumeRolePolicyDocument),
            boundary: Role?.PermissionsBoundary?.PermissionsBoundaryArn,
            seconds: Role?.MaxSessionDuration,
            inline: decoded(inline.PolicyDocument),
            tags: tagsOf((await iam.listRoleTags({ RoleName: "role" })).Tags),
        },
        policy: {
            document: decoded(version.PolicyVersion?.Document),
            tags: tagsOf((await iam.listPolicyTags({ PolicyArn })).Tags),
        },
        logs: { retention: group?.retentionInDays, tags: (await logs.listTagsForResource({ resourceArn })).tags },
        project: {
            buildspec: project?.source?.buildspec,
            image: project?.environment?.image,
            variables: project?.environment?.environmentVariables?.length ?? 0,
            minutes: project?.timeoutInMinutes,
        },
        webhook: {
            groups: project?.webhook?.filterGroups,
            approval: project?.webhook?.pullRequestBuildPolicy,
        },
    };
}
