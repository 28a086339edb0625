import assert from "node:assert/strict";
import { buildRolePolicy } from "../../../infra/codebuild/buildRolePolicy";
import { lifecyclePolicy } from "../../../infra/image/lifecyclePolicy";
import type { BuildDefinition } from "../../../infra/plan/buildDefinition";
import type { PipelineImage } from "../../../infra/pipeline/imagePipelineArgs";
import { accountId, region, registry } from "../../../local/mocks/mockOutputs";
import { valueOf } from "../../../local/mocks/mockPulumi";
import { buildInfrastructure, built, caches, declarePipeline, pipelineImage, received } from "./pipelineFixture";
import { temporaryFolder } from "../temporaryFolder";

const digest = `sha256:${"a".repeat(64)}`;

describe("the images of ImagePipeline", () => {
    const folder = temporaryFolder();

    const image = (name: string, extra?: Partial<PipelineImage>) => pipelineImage(folder.path, name, extra);

    it("declares several images with one project, one bucket and a parameter for each", async () => {
        const { world, inputs, pipeline } = await declarePipeline(folder.path, {
            images: [image("api"), image("worker")],
        });
        assert.deepEqual(
            world.tree().filter((label) => !built.includes(label)),
            [
                "  AppImage line-worker",
                "    BucketObjectv2 line-worker-image-amd64-proof",
                "    Image line-worker-image-amd64",
                "  ImageRepository line-worker",
                "    LifecyclePolicy line-worker-lifecycle",
                "    Repository line-worker-repository",
                "    Parameter line-release-image-tag-worker",
            ],
        );
        assert.equal(world.resources.length, built.length + 7);
        assert.deepEqual(Object.keys(pipeline.images), ["api", "worker"]);
        assert.equal(await valueOf(pipeline.images["worker"]!.repositoryUrl), `${registry}/shop/worker`);
        assert.equal(await valueOf(pipeline.images["worker"]!.imageTagParameter), "/shop/dev/config/image-tag-worker");
        const policy = JSON.parse(inputs("line-build-policy")["policy"] as string) as {
            Statement: { Sid: string; Resource: string[] }[];
        };
        assert.deepEqual(policy.Statement.find(({ Sid }) => Sid === "PushImagesAndCache")?.Resource, [
            `arn:aws:ecr:${region}:${accountId}:repository/shop/api`,
            `arn:aws:ecr:${region}:${accountId}:repository/shop/worker`,
        ]);
    });

    it("keeps as many builds for several platforms, each of which is several tagged manifests", async () => {
        const { world, inputs } = await declarePipeline(folder.path, {
            images: [image("api", { platforms: ["linux/amd64", "linux/arm64"] })],
            maxBuildCount: 10,
        });
        assert.deepEqual(
            world.tree().filter((label) => ![...received, ...buildInfrastructure].includes(label)),
            [
                "    BucketObjectv2 line-api-image-amd64-proof",
                "    BucketObjectv2 line-api-image-arm64-proof",
                "    BucketObjectv2 line-api-index-proof",
                "    Image line-api-image-amd64",
                "    Image line-api-image-arm64",
                "    Index line-api-index",
            ],
        );
        assert.deepEqual(caches(inputs("line-api-image-arm64")), {
            from: ["cache-main-arm64"],
            to: ["cache-main-arm64"],
        });
        assert.equal(
            inputs("line-api-lifecycle")["policy"],
            lifecyclePolicy({ builds: 30, cacheDays: 30, untaggedDays: 7 }),
        );
    });

    it("declares neither build nor project nor bucket for a received image, and asks for no login or account", async () => {
        const { world, pipeline } = await declarePipeline(folder.path, { images: [image("api", { digest })] });
        assert.deepEqual(world.tree(), received);
        assert.deepEqual(world.invokes, []);
        const imageUri = `${registry}/shop/api@${digest}`;
        assert.deepEqual(world.resource("ImagePipeline line").outputs, {
            images: {
                api: {
                    repositoryUrl: `${registry}/shop/api`,
                    imageUri,
                    imageDigest: digest,
                    imageTagParameter: "/shop/dev/config/image-tag",
                },
            },
            repositoryArns: { api: `arn:aws:ecr:${region}:${accountId}:repository/shop/api` },
            directoryAppParameter: "/shop/dev/config/directory-app",
            secretNameParameter: "/shop/dev/config/secret-name",
        });
        assert.equal(pipeline.buildProjectName, undefined);
        assert.equal(pipeline.pullRequestProjectName, undefined);
        assert.equal(pipeline.buildRoleArn, undefined);
        assert.equal(pipeline.cacheBucketName, undefined);
        assert.equal(await valueOf(pipeline.images["api"]!.imageUri), imageUri);
        assert.equal(await valueOf(pipeline.images["api"]!.imageTag), undefined);
        assert.equal(await valueOf(pipeline.images["api"]!.cacheRef), undefined);
    });

    it("does not even look at the existing bucket when all images are received", async () => {
        const images = [image("api", { digest }), image("worker", { digest })];
        const { world } = await declarePipeline(folder.path, {
            images,
            existingRepositories: true,
            existingCacheBucketName: "team-cache",
        });
        const gone = /LifecyclePolicy|Repository line-api-repository/;
        assert.deepEqual(
            world.tree().filter((label) => !label.includes("worker")),
            received.filter((label) => !gone.test(label)),
        );
        assert.deepEqual(world.invokes.map(({ inputs }) => inputs["name"]).sort(), ["shop/api", "shop/worker"]);
        assert.equal(world.invokes.length, 2);
    });

    it("asks for a build secret once for all images, and not at all where none is built", async () => {
        const secretCalls = async (extra: Partial<PipelineImage>) => {
            const images = [image("api", extra), image("worker", extra)];
            const { world } = await declarePipeline(folder.path, { images, buildSecrets: { npm: "shop/npm" } });
            return world.invokes.filter(({ token }) => token.includes("getSecretVersion")).length;
        };
        assert.deepEqual([await secretCalls({}), await secretCalls({ digest })], [1, 0]);
    });

    it("lets the project build those images only that are not received", async () => {
        const { world, inputs, pipeline } = await declarePipeline(folder.path, {
            images: [image("api", { digest }), image("worker")],
        });
        assert.deepEqual(
            world.tree().filter((label) => label.startsWith("    Image ")),
            ["    Image line-worker-image-amd64"],
        );
        assert.deepEqual(
            buildInfrastructure.filter((label) => !world.tree().includes(label)),
            [],
        );
        assert.equal(
            inputs("line-build-policy")["policy"],
            buildRolePolicy({
                repositoryArns: [`arn:aws:ecr:${region}:${accountId}:repository/shop/worker`],
                baseRepositoryArns: [],
                logGroupArn: `arn:aws:logs:${region}:${accountId}:log-group:/aws/codebuild/shop-dev`,
                bucketArn: "arn:aws:s3:::line-cache-bucket-1a2b3c4",
                objectKeys: ["build-tools/*"],
                secretArns: [],
                parameterArns: [],
                source: {},
            }),
        );
        const definitions = JSON.parse(inputs("line-build-images")["content"] as string) as BuildDefinition;
        assert.deepEqual(
            definitions.images.map(({ repositoryUrl }) => repositoryUrl),
            [`${registry}/shop/worker`],
        );
        assert.equal(await valueOf(pipeline.images["api"]!.imageUri), `${registry}/shop/api@${digest}`);
        assert.equal(inputs("line-release-image-tag")["insecureValue"], `${registry}/shop/api@${digest}`);
        assert.equal(await valueOf(pipeline.buildProjectName!), "shop-dev");
    });
});
