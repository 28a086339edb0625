import assert from "node:assert/strict";
import { InfrastructureProject, type InfrastructureProjectArgs } from "../../../infra/build/infrastructureProject";
import { buildStatements } from "../../../infra/build/buildRolePolicy";
import { accountId, region, registry } from "../../support/mockOutputs";
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
    const [bound] = world.resourcesOfType("aws:iam/policy:Policy");
    const { Statement: boundary } = JSON.parse(
        (bound?.inputs["policy"] as string | undefined) ?? '{"Statement":[]}',
    ) as {
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
const boundaryArn = iam("policy/shop-dev-boundary");
const pullRequestBoundaryArn = iam("policy/shop-dev-pull-request-boundary");
const roleArns = [iam("role/shop/dev/builds/*"), iam("role/shop/dev/pull-requests/*")];

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

    it("makes and changes roles only below the paths of builds and pull requests, each with its own boundary", async () => {
        const { statement, statements } = await declare();
        const bounded = (Sid: string, Resource: string, boundary: string) => ({
            Sid,
            Effect: "Allow",
            Action: ["iam:CreateRole", "iam:DeleteRolePolicy", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"],
            Resource,
            Condition: { StringEquals: { "iam:PermissionsBoundary": boundary } },
        });
        assert.deepEqual(
            [statement("ManageRolesOfBuilds"), statement("ManageRolesOfPullRequests")],
            [
                bounded("ManageRolesOfBuilds", roleArns[0]!, boundaryArn),
                bounded("ManageRolesOfPullRequests", roleArns[1]!, pullRequestBoundaryArn),
            ],
        );
        // No other statement writes to IAM, but for what gives no permissions.
        const written = statements
            .filter(({ Sid }) => !Sid.startsWith("ManageRolesOf"))
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

    it("can read its own role and project, not change them, and adds to its log without deleting from it", async () => {
        const { statements, boundary } = await declare();
        const own = [
            "role/shop/dev/infrastructure/",
            "project/shop-dev-infrastructure",
            "log-group:/aws/codebuild/shop-dev-infrastructure",
        ];
        const touching = (list: Statement[]) =>
            list.filter(({ Resource }) => own.some((one) => JSON.stringify(Resource).includes(one)));
        assert.deepEqual(
            touching(statements).map(({ Sid }) => Sid),
            ["WriteOwnLog", "ReadOwnRole", "ReadOwnProject"],
        );
        assert.deepEqual(touching(boundary), []);
        const actions = touching(statements).flatMap(({ Action }) => Action);
        assert.deepEqual(
            [...new Set(actions.filter((action) => !/:(Get|List|BatchGet)/.test(action)))],
            ["logs:CreateLogStream", "logs:PutLogEvents"],
        );
    });

    it("may pull base images of the account's registry, and do no more to them, as builds", async () => {
        const baseRegistry = `${registry}/docker-hub/library`;
        const { boundary, statements } = await declare({ build: { ...args.build!, baseRegistry } });
        const touching = [...statements, ...boundary].filter(({ Resource }) =>
            JSON.stringify(Resource).includes("docker-hub"),
        );
        assert.deepEqual(touching, [
            {
                Sid: "PullBaseImages",
                Effect: "Allow",
                Action: [
                    "ecr:BatchCheckLayerAvailability",
                    "ecr:BatchGetImage",
                    "ecr:BatchImportUpstreamImage",
                    "ecr:CreateRepository",
                    "ecr:GetDownloadUrlForLayer",
                ],
                Resource: [`arn:aws:ecr:${region}:${accountId}:repository/docker-hub/library/*`],
            },
        ]);
    });

    it("lets roles of builds report tests", async () => {
        const images = args.build!.images.map((image) => ({ ...image, testTarget: "results" }));
        const { boundary } = await declare({ build: { ...args.build!, images } });
        assert.deepEqual(boundary.find(({ Sid }) => Sid === "ReportTests")?.Resource, [
            `arn:aws:codebuild:${region}:${accountId}:report-group/shop-dev-tests`,
        ]);
    });

    it("reads and writes the state of its own stack only, and knows but the names of others", async () => {
        const { statements, boundary } = await declare();
        const bucket = "arn:aws:s3:::shop-state";
        const expected = [
            {
                Sid: "KeepState",
                Effect: "Allow",
                Action: ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
                Resource: [
                    `${bucket}/.pulumi/stacks/shop/dev.json*`,
                    `${bucket}/.pulumi/stacks/shop/dev.pulumi-tags`,
                    `${bucket}/.pulumi/*/shop/dev/*`,
                ],
            },
            {
                Sid: "ReadStateVersion",
                Effect: "Allow",
                Action: "s3:GetObject",
                Resource: `${bucket}/.pulumi/meta.yaml`,
            },
            {
                Sid: "FindState",
                Effect: "Allow",
                Action: ["s3:GetBucketAcl", "s3:GetBucketLocation", "s3:ListBucket"],
                Resource: bucket,
            },
            {
                Sid: "DeliverPlan",
                Effect: "Allow",
                Action: "s3:PutObject",
                Resource: `${bucket}/artifacts/shop-dev-infrastructure/*`,
            },
        ];
        const touching = [...statements, ...boundary].filter(({ Resource }) =>
            JSON.stringify(Resource).includes(bucket),
        );
        assert.deepEqual(touching, expected);
    });

    it("decrypts secrets of its own stack only, and with the key what S3 keeps in the state bucket", async () => {
        const { statements, boundary } = await declare();
        const expected = [
            {
                Sid: "UseSecretsOfStack",
                Effect: "Allow",
                Action: ["kms:Decrypt", "kms:Encrypt"],
                Resource: args.stateKeyArn,
                Condition: { StringEquals: { "kms:EncryptionContext:stack": "shop/dev" } },
            },
            {
                Sid: "EncryptStateBucket",
                Effect: "Allow",
                Action: [
                    "kms:Decrypt",
                    "kms:Encrypt",
                    "kms:GenerateDataKey",
                    "kms:GenerateDataKeyWithoutPlaintext",
                    "kms:ReEncryptFrom",
                    "kms:ReEncryptTo",
                ],
                Resource: args.stateKeyArn,
                Condition: {
                    StringLike: {
                        "kms:EncryptionContext:aws:s3:arn": ["arn:aws:s3:::shop-state", "arn:aws:s3:::shop-state/*"],
                    },
                },
            },
            {
                Sid: "DescribeStateKey",
                Effect: "Allow",
                Action: "kms:DescribeKey",
                Resource: args.stateKeyArn,
            },
        ];
        const touching = [...statements, ...boundary].filter(({ Resource }) =>
            JSON.stringify(Resource).includes("arn:aws:kms:"),
        );
        assert.deepEqual(touching, expected);
    });

    it("writes what builds read, and deletes none of it: builds in the queue still name it", async () => {
        const { statements } = await declare();
        assert.deepEqual(
            statements.find(({ Sid }) => Sid === "ManageBuildTools"),
            {
                Sid: "ManageBuildTools",
                Effect: "Allow",
                Action: ["s3:GetObject", "s3:GetObjectTagging", "s3:PutObject"],
                Resource: ["arn:aws:s3:::shop-cache/build-tools/*"],
            },
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
