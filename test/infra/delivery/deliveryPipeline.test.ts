import assert from "node:assert/strict";
import { deployPolicy } from "../../../infra/ci/deployPolicy";
import { DeliveryPipeline, type DeliveryPipelineArgs } from "../../../infra/components";
import { accountId, region, registry } from "../../../local/mocks/mockOutputs";
import { mockPulumi, type MockWorld, valueOf } from "../../../local/mocks/mockPulumi";

const arn = (service: string, resource: string) => `arn:aws:${service}:${region}:${accountId}:${resource}`;
const parameterArn = arn("ssm", "parameter/shop/dev/config/image-tag");
const repositoryArn = arn("ecr", "repository/shop-dev");
const args: DeliveryPipelineArgs = {
    application: "shop",
    environment: "dev",
    source: { connectionArn: arn("codeconnections", "connection/1"), repository: "acme/shop" },
    artifactBucketName: "artifacts",
    buildProjectName: "shop-dev",
    cacheBucketName: "cache",
    buildToolsKey: "build-tools/1.js",
    repositoryUrl: `${registry}/shop-dev`,
    repositoryArn,
    imageTagParameter: "/shop/dev/config/image-tag",
    target: "ecs",
    deployEnvironment: "A=1\n",
    deployPolicy: deployPolicy({ release: { parameterArn, repositoryArn } }),
};

async function declare(changed: Partial<DeliveryPipelineArgs> = {}) {
    const world = await mockPulumi();
    const pipeline = new DeliveryPipeline("delivery", { ...args, ...changed });
    await world.settle();
    return { world, pipeline };
}

/** Names the statements of a role's policy. */
function sids(world: MockWorld, name: string): string[] {
    const { policy } = world.resource(`RolePolicy ${name}-policy`).inputs;
    return (JSON.parse(policy as string) as { Statement: { Sid: string }[] }).Statement.map(({ Sid }) => Sid);
}

/** Reads the variables of a project. */
function variables(world: MockWorld, name: string): Record<string, string> {
    const { environment } = world.resource(`Project ${name}-project`).inputs as {
        environment: { environmentVariables: { name: string; value: string }[] };
    };
    return Object.fromEntries(environment.environmentVariables.map((one) => [one.name, one.value]));
}

const tools = { BUILD_TOOLS_BUCKET: "cache", BUILD_TOOLS_KEY: "build-tools/1.js" };
const everyProject = ["WriteLog", "ReadSource", "ReadBuildTools"];

describe("DeliveryPipeline", () => {
    it("declares a pipeline, and for each action a project, its role and the role that starts it", async () => {
        const { world } = await declare();
        const project = (name: string) => [
            `  LogGroup delivery-${name}-logs`,
            `  Project delivery-${name}-project`,
            `  Role delivery-${name}-role`,
            `  Role delivery-${name}-start-role`,
            `  RolePolicy delivery-${name}-policy`,
            `  RolePolicy delivery-${name}-start-policy`,
        ];
        const expected = [
            "  Parameter delivery-deploy-env",
            "  Pipeline delivery-pipeline",
            "  Role delivery-build-start-role",
            "  Role delivery-role",
            "  Role delivery-source-role",
            "  RolePolicy delivery-build-start-policy",
            "  RolePolicy delivery-policy",
            "  RolePolicy delivery-source-policy",
            ...project("scan"),
            ...project("deploy"),
        ].sort();
        assert.deepEqual(world.tree(), ["DeliveryPipeline delivery", ...expected]);
    });

    it("declares a pipeline of the second type, in which a newer commit takes the place of one that waits", async () => {
        const { world } = await declare();
        const { stages, ...inputs } = world.resource("Pipeline delivery-pipeline").inputs;
        assert.deepEqual(inputs, {
            name: "shop-dev",
            roleArn: `arn:aws:iam::${accountId}:role/delivery-role-1a2b3c4`,
            pipelineType: "V2",
            executionMode: "SUPERSEDED",
            artifactStores: [{ type: "S3", location: "artifacts" }],
            triggers: [
                {
                    providerType: "CodeStarSourceConnection",
                    gitConfiguration: { sourceActionName: "Source", pushes: [{ branches: { includes: ["main"] } }] },
                },
            ],
        });
        assert.equal((stages as object[]).length, 4);
    });

    it("releases each commit, and encrypts by a key, when asked", async () => {
        const kmsKeyArn = arn("kms", "key/1");
        const { world } = await declare({ queued: true, kmsKeyArn });
        const { executionMode, artifactStores } = world.resource("Pipeline delivery-pipeline").inputs;
        assert.equal(executionMode, "QUEUED");
        assert.deepEqual(artifactStores, [
            { type: "S3", location: "artifacts", encryptionKey: { type: "KMS", id: kmsKeyArn } },
        ]);
    });

    it("gives each project the permissions of its action", async () => {
        const { world } = await declare({ promoteTo: [{ environment: "prod", target: "lambda" }] });
        assert.deepEqual(sids(world, "delivery-scan"), [...everyProject, "ReadFindings"]);
        assert.deepEqual(sids(world, "delivery-deploy"), [
            ...everyProject,
            "RecordRelease",
            "TagImages",
            "ReadDeployEnvironment",
        ]);
        assert.deepEqual(sids(world, "delivery-promote-prod"), [
            ...everyProject,
            "ActInOtherEnvironment",
            "ReadReleasesOfSource",
            "ReadProofs",
            "FindImages",
        ]);
    });

    it("tells each project what it acts on", async () => {
        const { world } = await declare({
            scanLimit: "LOW",
            scanAllowList: "scan.json",
            promoteTo: [{ environment: "prod", target: "lambda", accountId: "210987654321", repositoryName: "shop" }],
        });
        assert.deepEqual(variables(world, "delivery-scan"), {
            ...tools,
            SCAN_LIMIT: "LOW",
            SCAN_ALLOW_LIST: "scan.json",
        });
        assert.deepEqual(variables(world, "delivery-deploy"), {
            ...tools,
            TARGET: "ecs",
            DEPLOY_ENV_PARAMETER: "/shop/dev/config/deploy-env",
        });
        assert.deepEqual(variables(world, "delivery-promote-prod"), {
            ...tools,
            TARGET: "lambda",
            DEPLOY_ENV_PARAMETER: "/shop/prod/config/deploy-env",
            DEPLOY_ROLE_ARN: "arn:aws:iam::210987654321:role/shop-prod-delivery",
            FROM_PARAMETER: "/shop/dev/config/image-tag",
            FROM_REPOSITORY_URL: `${registry}/shop-dev`,
        });
    });

    it("pushes to a repository of another account only where the environment has one", async () => {
        const to = { environment: "prod", target: "ecs", accountId: "210987654321" } as const;
        const own = await declare({ promoteTo: [{ ...to, repositoryName: "shop-prod" }] });
        assert.deepEqual(sids(own.world, "delivery-promote-prod").slice(-3), ["LogIn", "ReadImages", "CopyImages"]);
        const { policy } = own.world.resource("RolePolicy delivery-promote-prod-policy").inputs;
        assert.match(policy as string, /"arn:aws:ecr:eu-central-1:210987654321:repository\/shop-prod"/);
    });

    it("names the role of a promotion, which the other environment's stack trusts before it exists", async () => {
        const { world } = await declare({ promoteTo: [{ environment: "prod", target: "ecs" }] });
        assert.equal(world.resource("Role delivery-promote-prod-role").inputs.name, "shop-dev-promote-prod");
        assert.equal(world.resource("Role delivery-deploy-role").inputs.name, undefined);
    });

    it("keeps the values of deploys for its own project", async () => {
        const { world } = await declare();
        assert.deepEqual(world.resource("Parameter delivery-deploy-env").inputs, {
            name: "/shop/dev/config/deploy-env",
            type: "String",
            tier: "Intelligent-Tiering",
            description: "Values of deploys, for delivery pipelines",
            insecureValue: "A=1\n",
        });
    });

    it("knows its name, its ARN, and the policy of those who approve", async () => {
        const { pipeline } = await declare({ promoteTo: [{ environment: "prod", target: "ecs" }] });
        assert.equal(await valueOf(pipeline.pipelineName), "shop-dev");
        assert.equal(await valueOf(pipeline.pipelineArn), arn("codepipeline", "shop-dev"));
        const policy = JSON.parse(await valueOf(pipeline.approvalPolicy)) as { Statement: { Resource: unknown }[] };
        assert.deepEqual(
            policy.Statement.map(({ Resource }) => Resource),
            [arn("codepipeline", "shop-dev"), [arn("codepipeline", "shop-dev/prod/Approve")]],
        );
    });
});
