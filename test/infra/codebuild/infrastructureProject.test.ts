import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { buildStatements } from "../../../infra/codebuild/buildRolePolicy";
import { accountId, region } from "../../../local/mocks/mockOutputs";
import { valueOf } from "../../../local/mocks/mockPulumi";
import { scope, variables } from "./buildProjectFixture";
import { args, boundaryArn, declare, iam, source } from "./infrastructureFixture";

describe("InfrastructureProject", () => {
    it("declares project, log group, role, and the boundary of builds, which is also a policy of its role", async () => {
        const { world, project } = await declare();
        assert.deepEqual(world.tree(), [
            "InfrastructureProject infra",
            "  LogGroup infra-logs",
            "  Policy infra-boundary",
            "  Project infra-project",
            "  Role infra-role",
            "  RolePolicy infra-policy",
            "  RolePolicyAttachment infra-builds",
        ]);
        assert.deepEqual(world.resource("infra-project").inputs, {
            name: "shop-dev-infrastructure",
            description: "Previews and updates the stack dev",
            serviceRole: iam("role/infra-role-1a2b3c4"),
            source: { ...source, buildspec: "version: 0.2\n" },
            sourceVersion: "main",
            artifacts: {
                type: "S3",
                location: "shop-state",
                path: "artifacts/shop-dev-infrastructure",
                namespaceType: "BUILD_ID",
                name: "infrastructure",
            },
            encryptionKey: args.stateKeyArn,
            environment: {
                type: "LINUX_CONTAINER",
                computeType: "BUILD_GENERAL1_MEDIUM",
                image: "aws/codebuild/amazonlinux-x86_64-standard:5.0",
                privilegedMode: true,
                environmentVariables: variables({
                    BUILDKIT_IMAGE: "registry.example.com/buildkit:1",
                    PULUMI_BACKEND_URL: "s3://shop-state",
                    PULUMI_CHECKSUM: "d".repeat(64),
                    PULUMI_STACK: "dev",
                    PULUMI_VERSION: "3.248.0",
                }),
            },
            logsConfig: { cloudwatchLogs: { groupName: "/aws/codebuild/shop-dev-infrastructure", status: "ENABLED" } },
            buildTimeout: 60,
            queuedTimeout: 60,
            concurrentBuildLimit: 1,
        });
        assert.equal(await valueOf(project.boundaryArn!), boundaryArn);
        assert.deepEqual(world.resource("infra-builds").inputs, {
            role: "infra-role-1a2b3c4",
            policyArn: boundaryArn,
        });
        assert.deepEqual(world.resource("infra-project").options, {
            deleteBeforeReplace: true,
            dependsOn: ["RolePolicy infra-policy", "RolePolicyAttachment infra-builds"],
        });
    });

    it("has a role below another path than those of the roles that it makes", async () => {
        const { world } = await declare();
        assert.equal(world.resource("infra-role").inputs["path"], "/shop/dev/infrastructure/");
    });

    it("bounds roles of builds by what builds may do, with any version of their tools", async () => {
        const { boundary, world } = await declare();
        const builds = buildStatements({
            ...scope,
            objectKeys: ["build-tools/*"],
            source: { connectionArn: source.auth.resource },
        }).map(({ Sid, ...rest }) => ({ Sid, Effect: "Allow", ...rest }));
        assert.deepEqual(boundary, builds);
        assert.equal(world.resource("infra-boundary").inputs["name"], "shop-dev-boundary");
    });

    it("bounds them by the builds of batches too, where there are any", async () => {
        const { boundary } = await declare({ build: { ...args.build!, nativeBuilds: true } });
        assert.deepEqual(boundary.at(-1), {
            Sid: "RunBuildsOfBatch",
            Effect: "Allow",
            Action: ["codebuild:RetryBuild", "codebuild:StartBuild", "codebuild:StopBuild"],
            Resource: `arn:aws:codebuild:${region}:${accountId}:project/shop-dev`,
        });
    });

    it("takes outputs for the bucket and the key of the state", async () => {
        const declared = async (extra: Parameters<typeof declare>[0]) => {
            const { world, text } = await declare(extra);
            return [world.resource("infra-project").inputs, text];
        };
        const { stateBucket, stateKeyArn } = args;
        assert.deepEqual(
            await declared({ stateBucket: pulumi.output(stateBucket), stateKeyArn: pulumi.output(stateKeyArn!) }),
            await declared({}),
        );
    });

    it("has no permissions of builds where nothing is built", async () => {
        const { world, project, statements } = await declare({ build: undefined, stateKeyArn: undefined });
        assert.equal(project.boundaryArn, undefined);
        assert.deepEqual(world.resourcesOfType("aws:iam/rolePolicyAttachment:RolePolicyAttachment"), []);
        assert.deepEqual(
            statements.map(({ Sid }) => Sid),
            [
                "UseSourceConnection",
                "WriteOwnLog",
                "KeepState",
                "ReadStateVersion",
                "FindState",
                "DeliverPlan",
                "ListLogGroupsAndParameters",
                "ManageRepositories",
                "ManageProjects",
                "ManageLogs",
                "ManageParameters",
                "ReadOwnRole",
                "ReadOwnProject",
                "ManageRoles",
                "ManageRolesOfBuilds",
                "ManageRolesOfPullRequests",
                "HandRolesToCodeBuild",
                "ReadBoundaries",
            ],
        );
        const { environment } = world.resource("infra-project").inputs as { environment: { privilegedMode: boolean } };
        assert.equal(environment.privilegedMode, false);
    });
});
