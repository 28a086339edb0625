import assert from "node:assert/strict";
import { InfrastructureProject, type InfrastructureProjectArgs } from "../../../infra/build/infrastructureProject";
import { buildStatements } from "../../../infra/build/buildRolePolicy";
import { accountId, region } from "../../support/mockOutputs";
import { mockPulumi, valueOf } from "../../support/mocks";
import { args as build, scope, variables } from "./buildProjectFixture";

interface Statement {
    Sid: string;
    Effect: string;
    Action: string | string[];
    Resource: string | string[];
    Condition?: unknown;
}

const source = {
    type: "GITHUB",
    location: "https://github.com/acme/shop.git",
    auth: { type: "CODECONNECTIONS", resource: `arn:aws:codeconnections:${region}:${accountId}:connection/1` },
};
const args: InfrastructureProjectArgs = {
    application: "shop",
    environment: "dev",
    source,
    sourceVersion: "main",
    buildspec: "version: 0.2\n",
    stateBucket: "shop-state",
    stateKeyArn: `arn:aws:kms:${region}:${accountId}:key/1`,
    pulumiVersion: "3.248.0",
    pulumiChecksum: "d".repeat(64),
    repositoryArns: scope.repositoryArns,
    build: { ...build, source, buildkitImage: "registry.example.com/buildkit:1" },
};

async function declare(extra: Partial<InfrastructureProjectArgs> = {}) {
    const world = await mockPulumi();
    const project = new InfrastructureProject("infra", { ...args, ...extra });
    await world.settle();
    const text = world.resource("infra-policy").inputs["policy"] as string;
    const { Statement: statements } = JSON.parse(text) as { Statement: Statement[] };
    const { Statement: boundary } = JSON.parse(world.resource("infra-boundary").inputs["policy"] as string) as {
        Statement: Statement[];
    };
    return {
        world,
        project,
        text,
        statements,
        boundary,
        statement: (sid: string) => statements.find(({ Sid }) => Sid === sid),
    };
}

const iam = (resource: string) => `arn:aws:iam::${accountId}:${resource}`;
const boundaryArn = iam("policy/shop-dev-infrastructure-boundary");
const roleArns = iam("role/shop/dev/builds/*");

describe("InfrastructureProject", () => {
    it("declares project, log group, role and boundary", async () => {
        const { world, project } = await declare();
        assert.deepEqual(world.tree(), [
            "InfrastructureProject infra",
            "  LogGroup infra-logs",
            "  Policy infra-boundary",
            "  Project infra-project",
            "  Role infra-role",
            "  RolePolicy infra-policy",
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
                path: "artifacts",
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
        assert.equal(await valueOf(project.boundaryArn), boundaryArn);
    });

    it("bounds its role, whose path is another than that of the roles that it makes", async () => {
        const { world } = await declare();
        const { path, permissionsBoundary } = world.resource("infra-role").inputs;
        assert.deepEqual(
            { path, permissionsBoundary },
            {
                path: "/shop/dev/infrastructure/",
                permissionsBoundary: boundaryArn,
            },
        );
    });

    it("bounds by this environment's resources, and by the same rules for roles", async () => {
        const { boundary, statement } = await declare();
        const rules = ["ManageRoles", "ManageBoundedRoles", "HandRolesToCodeBuild", "ReadBoundaries"];
        for (const sid of rules) {
            assert.deepEqual(
                boundary.find(({ Sid }) => Sid === sid),
                statement(sid),
            );
        }
        const wide = boundary.filter(({ Action }) => [Action].flat().some((action) => action.includes("*")));
        const logs = ["shop-dev", "shop-dev-pull-request", "shop-dev-infrastructure"].flatMap((name) => {
            const arn = `arn:aws:logs:${region}:${accountId}:log-group:/aws/codebuild/${name}`;
            return [arn, `${arn}:*`];
        });
        const codebuild = `arn:aws:codebuild:${region}:${accountId}:project`;
        assert.deepEqual(
            wide.map(({ Action, Resource }) => [Action, Resource]),
            [
                ["ecr:*", scope.repositoryArns],
                ["codebuild:*", [`${codebuild}/shop-dev`, `${codebuild}/shop-dev-pull-request`]],
                ["logs:*", logs],
                ["ssm:*", [`arn:aws:ssm:${region}:${accountId}:parameter/shop/dev/*`]],
                ["s3:*", [scope.bucketArn, `${scope.bucketArn}/*`]],
            ],
        );
    });

    it("makes and changes roles only below the path of builds, and only with a boundary", async () => {
        const { statement, statements } = await declare();
        const boundaryArns = [boundaryArn, iam("policy/shop-dev-pull-request-boundary")];
        assert.deepEqual(statement("ManageBoundedRoles"), {
            Sid: "ManageBoundedRoles",
            Effect: "Allow",
            Action: ["iam:CreateRole", "iam:DeleteRolePolicy", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"],
            Resource: roleArns,
            Condition: { StringEquals: { "iam:PermissionsBoundary": boundaryArns } },
        });
        // No other statement writes to IAM, but for what gives no permissions.
        const written = statements
            .filter(({ Sid }) => Sid !== "ManageBoundedRoles")
            .flatMap(({ Action, Resource }) => [Action].flat().map((action) => ({ action, resource: Resource })))
            .filter(({ action }) => /^iam:(?!Get|List)/.test(action));
        assert.deepEqual(
            written,
            ["DeleteRole", "TagRole", "UpdateAssumeRolePolicy", "UpdateRole", "PassRole"].map((action) => ({
                action: `iam:${action}`,
                resource: roleArns,
            })),
        );
    });

    it("can read its own role and project, not change them", async () => {
        const { statements } = await declare();
        const own = ["role/shop/dev/infrastructure/", "project/shop-dev-infrastructure"];
        const touching = statements.filter(({ Resource }) => own.some((one) => JSON.stringify(Resource).includes(one)));
        assert.deepEqual(
            touching.map(({ Sid }) => Sid),
            ["ReadOwnRole", "ReadOwnProject"],
        );
        const actions = touching.flatMap(({ Action }) => Action);
        assert.deepEqual(
            actions.filter((action) => !/:(Get|List|BatchGet)/.test(action)),
            [],
        );
    });

    it("may do what builds may, since it builds and bounds their role", async () => {
        const { statements } = await declare();
        const builds = buildStatements({
            ...scope,
            objectKeys: ["build-tools/*"],
            source: { connectionArn: source.auth.resource },
        });
        assert.deepEqual(
            statements.slice(0, builds.length),
            builds.map(({ Sid, ...rest }) => ({ Sid, Effect: "Allow", ...rest })),
        );
    });

    it("writes proofs as objects of the stack, and deletes none", async () => {
        const { statements } = await declare();
        const touching = statements.filter(({ Resource }) => [Resource].flat().some((one) => one.includes("/built/")));
        assert.deepEqual(
            touching.map(({ Sid, Action }) => [Sid, [Action].flat()]),
            [
                ["ProveBuilds", ["s3:GetObject", "s3:PutObject"]],
                ["ReadTagsOfProofs", ["s3:GetObjectTagging"]],
            ],
        );
    });

    it("keeps state below .pulumi/ of its bucket, and secrets with its key", async () => {
        const { statement } = await declare();
        assert.deepEqual(statement("KeepState")?.Resource, "arn:aws:s3:::shop-state/.pulumi/*");
        assert.deepEqual(statement("UseStateKey")?.Resource, [args.stateKeyArn]);
    });

    it("has no permissions of builds where nothing is built", async () => {
        const { world, statements } = await declare({ build: undefined, stateKeyArn: undefined });
        assert.deepEqual(
            statements.map(({ Sid }) => Sid),
            [
                "UseSourceConnection",
                "WriteOwnLog",
                "KeepState",
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
                "ManageBoundedRoles",
                "HandRolesToCodeBuild",
                "ReadBoundaries",
            ],
        );
        const { environment } = world.resource("infra-project").inputs as { environment: { privilegedMode: boolean } };
        assert.equal(environment.privilegedMode, false);
    });

    it("has a boundary that fits into a managed policy, with room for more images and longer names", async () => {
        const { world } = await declare();
        const { length } = world.resource("infra-boundary").inputs["policy"] as string;
        assert.ok(length <= 5000, `${length} characters`);
    });

    it("allows no wildcard as action, names each statement once, and fits into a role", async () => {
        const { statements, text } = await declare();
        assert.deepEqual(
            statements.flatMap(({ Action }) => Action).filter((action) => action.includes("*")),
            [],
        );
        assert.equal(new Set(statements.map(({ Sid }) => Sid)).size, statements.length);
        assert.ok(text.length <= 10240, `${text.length} characters`);
    });
});
