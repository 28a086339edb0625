import assert from "node:assert/strict";
import { BuildProject, type BuildProjectArgs } from "../../../infra/build/buildProject";
import { baseRepositoryArns, buildRolePolicy, buildTrustPolicy } from "../../../infra/build/buildRolePolicy";
import { ImageRepository } from "../../../infra/image/imageRepository";
import { accountId, region, registry } from "../../support/mockOutputs";
import { isKnown, mockPulumi, type MockOptions, unknown, valueOf } from "../../support/mocks";

const args: BuildProjectArgs = {
    projectName: "shop-dev",
    images: [
        { repositoryUrl: `${registry}/api`, repositoryArn: `arn:aws:ecr:${region}:${accountId}:repository/api` },
        { repositoryUrl: `${registry}/web`, repositoryArn: `arn:aws:ecr:${region}:${accountId}:repository/web` },
    ],
    buildspec: "version: 0.2\n",
    baseRegistry: "public.ecr.aws/docker/library",
    bucketName: "shop-cache",
    bucketArn: "arn:aws:s3:::shop-cache",
};

const scope = {
    repositoryArns: args.images.map((image) => image.repositoryArn as string),
    baseRepositoryArns: [],
    logGroupArn: `arn:aws:logs:${region}:${accountId}:log-group:/aws/codebuild/shop-dev`,
    bucketArn: "arn:aws:s3:::shop-cache",
};

async function declare(extra: Partial<BuildProjectArgs> = {}, options: MockOptions = {}) {
    const world = await mockPulumi(options);
    const project = new BuildProject("build", { ...args, ...extra });
    await world.settle();
    return { world, project };
}

const tree = [
    "BuildProject build",
    "  LogGroup build-logs",
    "  Project build-project",
    "  Role build-role",
    "  RolePolicy build-policy",
];

const role = "build-role-1a2b3c4";
const projectInputs = {
    name: "shop-dev",
    description: "Builds and pushes the application's images with a registry cache",
    serviceRole: `arn:aws:iam::${accountId}:role/${role}`,
    source: { type: "NO_SOURCE", buildspec: "version: 0.2\n" },
    artifacts: { type: "NO_ARTIFACTS" },
    environment: {
        type: "LINUX_CONTAINER",
        computeType: "BUILD_GENERAL1_MEDIUM",
        image: "aws/codebuild/amazonlinux-x86_64-standard:5.0",
        privilegedMode: true,
        environmentVariables: [],
    },
    cache: { type: "S3", location: "shop-cache/build-cache" },
    logsConfig: { cloudwatchLogs: { groupName: "/aws/codebuild/shop-dev", status: "ENABLED" } },
    buildTimeout: 30,
};

describe("BuildProject", () => {
    it("declares project, role, permissions and log group", async () => {
        const { world, project } = await declare();
        assert.deepEqual(world.tree(), tree);
        assert.deepEqual(world.resource("build-logs").inputs, { name: "/aws/codebuild/shop-dev", retentionInDays: 30 });
        assert.deepEqual(world.resource("build-project").inputs, projectInputs);
        const expected = { projectName: "shop-dev", roleArn: projectInputs.serviceRole };
        assert.deepEqual(world.resource("BuildProject build").outputs, expected);
        assert.equal(await valueOf(project.projectName), expected.projectName);
        assert.equal(await valueOf(project.roleArn), expected.roleArn);
    });

    it("binds the role to this project and account", async () => {
        const { world } = await declare();
        const { assumeRolePolicy, ...rest } = world.resource("build-role").inputs;
        const projectArn = `arn:aws:codebuild:${region}:${accountId}:project/shop-dev`;
        assert.equal(assumeRolePolicy, buildTrustPolicy(projectArn, accountId));
        assert.deepEqual(rest, { description: "Builds of the CodeBuild project shop-dev" });
    });

    it("gives the role the permissions of its repositories, log group and bucket", async () => {
        const { world } = await declare();
        assert.deepEqual(world.resource("build-policy").inputs, { role, policy: buildRolePolicy(scope) });
    });

    it("adds the repositories of base images and the KMS key", async () => {
        const baseRegistry = `${registry}/docker-hub/library`;
        const kmsKeyArn = `arn:aws:kms:${region}:${accountId}:key/1`;
        const { world } = await declare({ baseRegistry, kmsKeyArn });
        const [{ repositoryUrl, repositoryArn } = { repositoryUrl: "", repositoryArn: "" }] = args.images;
        const bases = baseRepositoryArns(baseRegistry, repositoryUrl as string, repositoryArn as string);
        assert.deepEqual(bases, [`arn:aws:ecr:${region}:${accountId}:repository/docker-hub/library/*`]);
        assert.equal(
            world.resource("build-policy").inputs["policy"],
            buildRolePolicy({ ...scope, baseRepositoryArns: bases, kmsKeyArn }),
        );
    });

    it("replaces the project only after the old one is gone, and not before its permissions are there", async () => {
        const { world } = await declare();
        assert.deepEqual(world.resource("build-project").options, {
            deleteBeforeReplace: true,
            dependsOn: ["RolePolicy build-policy"],
        });
    });

    it("passes variables on by name, and the days that logs are kept", async () => {
        const { world } = await declare({ environment: { B: "2", A: "1" }, logRetentionDays: 7 });
        assert.deepEqual(world.resource("build-project").inputs, {
            ...projectInputs,
            environment: {
                ...projectInputs.environment,
                environmentVariables: [
                    { name: "A", value: "1", type: "PLAINTEXT" },
                    { name: "B", value: "2", type: "PLAINTEXT" },
                ],
            },
        });
        assert.equal(world.resource("build-logs").inputs["retentionInDays"], 7);
    });

    it("asks for partition, region and account instead of assuming them", async () => {
        const { world } = await declare();
        assert.deepEqual(world.invokes.map(({ token }) => token).sort(), [
            "aws:index/getCallerIdentity:getCallerIdentity",
            "aws:index/getPartition:getPartition",
            "aws:index/getRegion:getRegion",
        ]);
    });

    it("declares the same in the first preview, with permissions unknown", async () => {
        const world = await mockPulumi({ preview: true });
        const { repositoryUrl, repositoryArn } = new ImageRepository("app", { repositoryName: "api" });
        const project = new BuildProject("build", { ...args, images: [{ repositoryUrl, repositoryArn }] });
        await world.settle();
        assert.deepEqual(world.tree().slice(0, tree.length), tree);
        assert.deepEqual(world.resource("build-policy").inputs, { role: unknown, policy: unknown });
        assert.deepEqual(world.resource("build-project").inputs, { ...projectInputs, serviceRole: unknown });
        assert.equal(await valueOf(project.projectName), "shop-dev");
        assert.equal(await isKnown(project.roleArn), false);
    });
});
