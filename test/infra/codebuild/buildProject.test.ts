import assert from "node:assert/strict";
import { packagedTools } from "../../../infra/buildTools/packagedTools";
import { BuildProject } from "../../../infra/codebuild/buildProject";
import { buildRolePolicy, buildTrustPolicy } from "../../../infra/codebuild/buildRolePolicy";
import { baseRepositoryArns } from "../../../infra/aws/resourceArns";
import { startBuildPolicy } from "../../../infra/codebuild/startBuildPolicy";
import { ImageRepository } from "../../../infra/image/imageRepository";
import { accountId, region, registry } from "../../../local/mocks/mockOutputs";
import { isKnown, mockPulumi, unknown, valueOf } from "../../../local/mocks/mockPulumi";
import {
    args,
    builtImage,
    declare,
    ownVariables,
    projectInputs,
    role,
    scope,
    tree,
    variables,
} from "./buildProjectFixture";

describe("BuildProject", () => {
    it("declares project, role, permissions and log group", async () => {
        const { world, project } = await declare();
        assert.deepEqual(world.tree(), tree);
        assert.deepEqual(world.resource("build-logs").inputs, { name: "/aws/codebuild/shop-dev", retentionInDays: 30 });
        assert.deepEqual(world.resource("build-project").inputs, projectInputs);
        const projectArn = `arn:aws:codebuild:${region}:${accountId}:project/shop-dev`;
        const expected = {
            projectName: "shop-dev",
            projectArn,
            roleArn: projectInputs.serviceRole,
            startBuildPolicy: startBuildPolicy({ projectArn, logGroupArn: scope.logGroupArn }),
            buildToolsKey: packagedTools().key,
        };
        assert.deepEqual(world.resource("BuildProject build").outputs, expected);
        assert.equal(await valueOf(project.projectName), expected.projectName);
        assert.equal(await valueOf(project.projectArn), expected.projectArn);
        assert.equal(await valueOf(project.roleArn), expected.roleArn);
        assert.equal(await valueOf(project.startBuildPolicy), expected.startBuildPolicy);
        assert.equal(project.pullRequestProjectName, undefined);
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
        const { world } = await declare({ policy: { ...args.policy, baseRegistry }, kmsKeyArn });
        const { repositoryUrl, repositoryArn } = builtImage("api");
        const bases = baseRepositoryArns(baseRegistry, repositoryUrl as string, repositoryArn as string);
        assert.deepEqual(bases, [`arn:aws:ecr:${region}:${accountId}:repository/docker-hub/library/*`]);
        assert.equal(
            world.resource("build-policy").inputs["policy"],
            buildRolePolicy({ ...scope, baseRepositoryArns: bases, kmsKeyArn }),
        );
        assert.equal(world.resource("build-project").inputs["encryptionKey"], kmsKeyArn);
    });

    it("replaces the project only after the old one is gone, and not before its permissions are there", async () => {
        const { world } = await declare();
        assert.deepEqual(world.resource("build-project").options, {
            deleteBeforeReplace: true,
            dependsOn: ["RolePolicy build-policy"],
        });
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
        const project = new BuildProject("build", {
            ...args,
            images: [{ ...builtImage("api"), repositoryUrl, repositoryArn }],
        });
        await world.settle();
        assert.deepEqual(world.tree().slice(0, tree.length), tree);
        assert.deepEqual(world.resource("build-policy").inputs, { role: unknown, policy: unknown });
        const values = { ...ownVariables, IMAGES_KEY: unknown };
        assert.deepEqual(world.resource("build-project").inputs, {
            ...projectInputs,
            serviceRole: unknown,
            environment: { ...projectInputs.environment, environmentVariables: variables(values) },
        });
        assert.equal(await valueOf(project.projectName), "shop-dev");
        assert.equal(await isKnown(project.roleArn), false);
    });
});
