import assert from "node:assert/strict";
import * as fs from "node:fs";
import { createRequire } from "node:module";
import * as path from "node:path";
import type { Output } from "@pulumi/pulumi";
import { accountId, digestOf, registry } from "../../local/mocks/mockOutputs";
import { isKnown, mockPulumi, type MockOptions, type MockWorld, valueOf } from "../../local/mocks/mockPulumi";

const root = path.resolve(__dirname, "../..");
const load = createRequire(__filename);
const programFile = path.join(root, "infra/index.ts");

/** Runs the program from its start. Outputs of undeclared resources are undefined. */
async function run(options: MockOptions = {}): Promise<{ world: MockWorld; outputs: Record<string, Output<unknown>> }> {
    const world = await mockPulumi(options);
    delete load.cache[programFile];
    const outputs = load(programFile) as Record<string, Output<unknown>>;
    await world.settle();
    return { world, outputs };
}

async function values(outputs: Record<string, Output<unknown>>): Promise<Record<string, unknown>> {
    const entries = Object.entries(outputs).map(async ([name, output]) => [name, await valueOf(output)] as const);
    return Object.fromEntries(await Promise.all(entries));
}

const names = [
    "buildProjectName",
    "buildRoleArn",
    "cacheBucketName",
    "cacheRef",
    "ciBuildRoleArn",
    "ciCopyRoleArn",
    "ciDeployRoleArn",
    "deliveryApprovalPolicy",
    "deliveryPipelineName",
    "deliveryRoleArn",
    "deployBucketName",
    "deployDocument",
    "deployEnv",
    "deployService",
    "deployTargets",
    "deployedTag",
    "directoryAppParameter",
    "ecsCluster",
    "ecsContainer",
    "ecsService",
    "ecsTaskDefinition",
    "imageDigest",
    "imageTag",
    "imageTagParameter",
    "imageUri",
    "images",
    "instanceProfileName",
    "instanceRoleArn",
    "lambdaAlias",
    "lambdaArchitecture",
    "lambdaFunction",
    "pullRequestProjectName",
    "repositoryUrl",
    "secretNameParameter",
    "serviceUrl",
    "webhooks",
];

/** Outputs of resources that the configuration has to ask for. */
const undeclaredTargets = {
    ciBuildRoleArn: undefined,
    ciCopyRoleArn: undefined,
    ciDeployRoleArn: undefined,
    deliveryApprovalPolicy: undefined,
    deliveryPipelineName: undefined,
    deliveryRoleArn: undefined,
    deployBucketName: undefined,
    deployDocument: undefined,
    deployService: undefined,
    deployTargets: undefined,
    instanceProfileName: undefined,
    instanceRoleArn: undefined,
    ecsCluster: undefined,
    ecsContainer: undefined,
    ecsService: undefined,
    ecsTaskDefinition: undefined,
    lambdaAlias: undefined,
    lambdaArchitecture: undefined,
    lambdaFunction: undefined,
    pullRequestProjectName: undefined,
    serviceUrl: undefined,
    webhooks: undefined,
};

describe("the program", () => {
    it("has exactly the documented outputs", async () => {
        const { outputs } = await run();
        assert.deepEqual(Object.keys(outputs).sort(), names);
    });

    it("gives the outputs of the first image, of all, and their dotenv lines", async () => {
        const { outputs } = await run();
        const { imageTag, images, deployEnv, ...rest } = await values(outputs);
        const url = `${registry}/cached-image-pipeline-dev`;
        const one = {
            repositoryUrl: url,
            imageUri: `${url}@${digestOf("pipeline-app-image-amd64")}`,
            imageDigest: digestOf("pipeline-app-image-amd64"),
            cacheRef: `${url}:cache-main-amd64`,
            imageTagParameter: "/cached-image-pipeline/dev/config/image-tag",
        };
        const shared = {
            buildProjectName: "cached-image-pipeline-dev",
            buildRoleArn: `arn:aws:iam::${accountId}:role/pipeline-build-role-1a2b3c4`,
            cacheBucketName: "pipeline-cache-bucket-1a2b3c4",
            directoryAppParameter: "/cached-image-pipeline/dev/config/directory-app",
            secretNameParameter: "/cached-image-pipeline/dev/config/secret-name",
            deployedTag: "deployed-dev",
        };
        assert.deepEqual(rest, { ...one, ...shared, ...undeclaredTargets });
        assert.match(imageTag as string, /^src-[0-9a-f]{40}$/);
        assert.deepEqual(images, { app: { ...one, imageTag } });
        assert.equal(
            deployEnv,
            [
                `REPOSITORY_URL=${one.repositoryUrl}`,
                `IMAGE_URI=${one.imageUri}`,
                `IMAGE_DIGEST=${one.imageDigest}`,
                `IMAGE_TAG=${String(imageTag)}`,
                `CACHE_REF=${one.cacheRef}`,
                `IMAGE_TAG_PARAMETER=${one.imageTagParameter}`,
                `BUILD_PROJECT_NAME=${shared.buildProjectName}`,
                `BUILD_ROLE_ARN=${shared.buildRoleArn}`,
                `CACHE_BUCKET_NAME=${shared.cacheBucketName}`,
                `DIRECTORY_APP_PARAMETER=${shared.directoryAppParameter}`,
                `SECRET_NAME_PARAMETER=${shared.secretNameParameter}`,
                "DEPLOYED_TAG=deployed-dev",
                "",
            ].join("\n"),
        );
    });

    it("names the project of pull requests too, where webhooks are asked for", async () => {
        const source = {
            type: "GITHUB",
            location: "https://github.com/acme/shop.git",
            connectionArn: `arn:aws:codeconnections:eu-central-1:${accountId}:connection/1`,
            webhooks: true,
        };
        const { outputs } = await run({ config: { source: JSON.stringify(source) } });
        const name = "cached-image-pipeline-dev-pull-request";
        assert.equal(await valueOf(outputs["pullRequestProjectName"]!), name);
        const lines = String(await valueOf(outputs["deployEnv"]!)).split("\n");
        assert.ok(lines.includes(`PULL_REQUEST_PROJECT_NAME=${name}`));
    });

    it("gives the outputs of several images", async () => {
        const images = [
            { name: "api", context: "app" },
            { name: "worker", context: "app" },
        ];
        const { outputs } = await run({ config: { images: JSON.stringify(images) } });
        const all = (await valueOf(outputs["images"]!)) as Record<string, Record<string, string>>;
        assert.deepEqual(Object.keys(all), ["api", "worker"]);
        assert.equal(all["api"]?.["repositoryUrl"], `${registry}/cached-image-pipeline-dev`);
        assert.equal(all["worker"]?.["repositoryUrl"], `${registry}/cached-image-pipeline-dev/worker`);
        const { imageUri, imageDigest } = await values(outputs);
        assert.deepEqual([imageUri, imageDigest], [all["api"]["imageUri"], all["api"]["imageDigest"]]);
        const lines = String(await valueOf(outputs["deployEnv"]!)).split("\n");
        assert.ok(lines.includes(`IMAGE_URI=${all["api"]["imageUri"]}`));
        assert.ok(lines.includes(`IMAGE_URI_WORKER=${all["worker"]["imageUri"]}`));
    });

    it("receives an image where the configuration says so, and has no output of a build", async () => {
        const digest = `sha256:${"a".repeat(64)}`;
        const { world, outputs } = await run({
            stack: "prod",
            config: {
                image: '{"source":"digest"}',
                imageDigest: digest,
                repositoryName: "cached-image-pipeline-dev",
                existingRepositories: "true",
            },
        });
        assert.deepEqual(world.tree(), [
            "ImagePipeline pipeline",
            "  AppImage pipeline-app",
            "  ImageRepository pipeline-app",
            "  ReleaseParameters pipeline-release",
            "    Parameter pipeline-release-directory-app",
            "    Parameter pipeline-release-image-tag",
            "    Parameter pipeline-release-secret-name",
        ]);
        const { deployEnv, images, ...rest } = await values(outputs);
        const repositoryUrl = `${registry}/cached-image-pipeline-dev`;
        const one = {
            repositoryUrl,
            imageUri: `${repositoryUrl}@${digest}`,
            imageDigest: digest,
            imageTag: undefined,
            cacheRef: undefined,
            imageTagParameter: "/cached-image-pipeline/prod/config/image-tag",
        };
        const directoryAppParameter = "/cached-image-pipeline/prod/config/directory-app";
        const secretNameParameter = "/cached-image-pipeline/prod/config/secret-name";
        const undeclared = { buildProjectName: undefined, buildRoleArn: undefined, cacheBucketName: undefined };
        const shared = { directoryAppParameter, secretNameParameter, deployedTag: "deployed-prod" };
        assert.deepEqual(rest, { ...one, ...undeclared, ...undeclaredTargets, ...shared });
        assert.deepEqual(images, { app: one });
        assert.equal(
            deployEnv,
            [
                `REPOSITORY_URL=${one.repositoryUrl}`,
                `IMAGE_URI=${one.imageUri}`,
                `IMAGE_DIGEST=${digest}`,
                `IMAGE_TAG_PARAMETER=${one.imageTagParameter}`,
                `DIRECTORY_APP_PARAMETER=${directoryAppParameter}`,
                `SECRET_NAME_PARAMETER=${secretNameParameter}`,
                "DEPLOYED_TAG=deployed-prod",
                "",
            ].join("\n"),
        );
    });

    it("declares the EC2 target that the configuration describes, and what a deploy job needs of it", async () => {
        const ec2 = { service: "go", composeFiles: ["app/docker-compose.prod.yml"] };
        const { world, outputs } = await run({ config: { ec2: JSON.stringify(ec2) } });
        assert.equal(world.resourcesOfType("cached-image-pipeline:index:Ec2Target").length, 1);
        const compose = fs.readFileSync(path.join(root, "app/docker-compose.prod.yml"), "utf8");
        assert.equal(world.resource("ec2-compose-docker-compose.prod.yml").inputs["content"], compose);
        const lines = String(await valueOf(outputs["deployEnv"]!)).split("\n");
        assert.deepEqual(lines.slice(-4), [
            "DEPLOYED_TAG=deployed-dev",
            "DEPLOY_DOCUMENT=cached-image-pipeline-dev-deploy",
            "DEPLOY_TARGETS=Key=tag:Deploy,Values=cached-image-pipeline-dev",
            "",
        ]);
    });

    it("gives the project the buildspec of this repository", async () => {
        const { world } = await run();
        const buildspec = fs.readFileSync(path.join(root, "buildspecs/image.yml"), "utf8");
        assert.deepEqual(world.resource("pipeline-build-project").inputs["source"], { type: "NO_SOURCE", buildspec });
    });

    it("ends a first preview with unknown outputs instead of waiting for them", async () => {
        const { outputs } = await run({ preview: true });
        assert.deepEqual(Object.keys(outputs).sort(), names);
        const unknownOnes = await Promise.all(
            names.map(async (name) => ((await isKnown(outputs[name]!)) ? [] : [name])),
        );
        assert.deepEqual(unknownOnes.flat(), [
            "buildRoleArn",
            "cacheBucketName",
            "cacheRef",
            "deployEnv",
            "imageDigest",
            "imageUri",
            "images",
            "repositoryUrl",
        ]);
    });

    it("registers nothing when the configuration is wrong, and says all that is", async () => {
        const world = await mockPulumi({ config: { cacheMode: "all", maxBuildCount: "-1" } });
        delete load.cache[programFile];
        assert.throws(() => load(programFile) as unknown, {
            message:
                'cached-image-pipeline:cacheMode is "all"; allowed: max, min, off\n' +
                "cached-image-pipeline:maxBuildCount is -1; allowed: 1 to 10000",
        });
        await world.settle();
        assert.deepEqual(world.resources, []);
        assert.deepEqual(world.invokes, []);
    });
});
