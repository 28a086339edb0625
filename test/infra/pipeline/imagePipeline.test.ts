import assert from "node:assert/strict";
import { packagedTools } from "../../../infra/buildTools/packagedTools";
import { startBuildPolicy } from "../../../infra/codebuild/startBuildPolicy";
import { buildkitDockerfile } from "../../../infra/image/buildkitCopy";
import { buildkitReference, buildkitRelease } from "../../../infra/plan/buildkitRelease";
import { sourceOf } from "../../../infra/plan/buildInput";
import { contentTag } from "../../../infra/plan/contentTag";
import { lifecyclePolicy } from "../../../infra/image/lifecyclePolicy";
import type { ImagePipelineArgs, PipelineImage } from "../../../infra/pipeline/imagePipelineArgs";
import { accountId, digestOf, region, registry } from "../../../local/mocks/mockOutputs";
import { isKnown, type MockOptions, unknown, valueOf } from "../../../local/mocks/mockPulumi";
import { baseRegistry, built, caches, declarePipeline, pipelineImage, policy } from "./pipelineFixture";
import { temporaryFolder } from "../temporaryFolder";

describe("ImagePipeline", () => {
    const folder = temporaryFolder();

    const image = (name: string, extra?: Partial<PipelineImage>) => pipelineImage(folder.path, name, extra);
    const declare = (extra: Partial<ImagePipelineArgs> = {}, options?: MockOptions) =>
        declarePipeline(folder.path, { images: [image("api")], ...extra }, options);

    it("declares everything for one image, each below its component", async () => {
        const { world } = await declare();
        assert.deepEqual(world.tree(), built);
    });

    it("passes names, variables and defaults on to the components", async () => {
        const { inputs } = await declare();
        assert.equal(inputs("line-api-repository")["name"], "shop/api");
        assert.equal(
            inputs("line-api-lifecycle")["policy"],
            lifecyclePolicy({ builds: 50, cacheDays: 30, untaggedDays: 7 }),
        );
        assert.equal(inputs("line-build-project")["name"], "shop-dev");
        assert.deepEqual(inputs("line-build-project")["source"], { type: "NO_SOURCE", buildspec: "version: 0.2\n" });
        assert.deepEqual(inputs("line-build-project")["cache"], {
            type: "S3",
            location: "line-cache-bucket-1a2b3c4/build-cache",
        });
        const { environmentVariables } = inputs("line-build-project")["environment"] as Record<string, unknown>;
        assert.deepEqual(environmentVariables, [
            {
                name: "BUILDKIT_IMAGE",
                value: `${registry}/shop/api@${digestOf("line-buildkit")}`,
                type: "PLAINTEXT",
            },
            { name: "BUILD_TOOLS_BUCKET", value: "line-cache-bucket-1a2b3c4", type: "PLAINTEXT" },
            { name: "BUILD_TOOLS_KEY", value: packagedTools().key, type: "PLAINTEXT" },
            { name: "IMAGES_KEY", value: inputs("line-build-images")["key"], type: "PLAINTEXT" },
        ]);
        assert.deepEqual(JSON.parse(inputs("line-build-images")["content"] as string), {
            policy,
            images: [
                {
                    name: "api",
                    repositoryUrl: `${registry}/shop/api`,
                    context: "api",
                    dockerfile: "api/Dockerfile",
                    platforms: ["linux/amd64"],
                    compression: "zstd",
                },
            ],
        });
        assert.equal(
            inputs("line-release-image-tag")["insecureValue"],
            `${registry}/shop/api@${digestOf("line-api-image-amd64")}`,
        );
        assert.equal(inputs("line-release-directory-app")["insecureValue"], "/opt/shop");
        assert.equal(inputs("line-release-secret-name")["insecureValue"], "shop/dev");
        assert.equal(inputs("line-build-logs")["retentionInDays"], 30);
    });

    it("builds with the base registry as an argument, and hashes what it builds", async () => {
        const api = image("api", { buildArgs: { A: "1" }, target: "server" });
        const { inputs, pipeline } = await declare({ images: [api], rebuildKey: "2026" });
        const buildArgs = { A: "1", BASE_REGISTRY: baseRegistry };
        const sourceRoot = folder.path;
        const tag = contentTag(sourceOf({ spec: api, policy: { ...policy, rebuildKey: "2026" }, sourceRoot }));
        assert.deepEqual(inputs("line-api-image-amd64")["buildArgs"], buildArgs);
        assert.equal(inputs("line-api-image-amd64")["target"], "server");
        assert.deepEqual(inputs("line-api-image-amd64")["tags"], [`${registry}/shop/api:${tag}`]);
        assert.equal(await valueOf(pipeline.images["api"]!.imageTag), tag);
    });

    const cachePolicy: [branch: string, mode: "max" | "min" | "off", from: string[], to: string[]][] = [
        ["main", "max", ["cache-main-amd64"], ["cache-main-amd64"]],
        ["feature", "max", ["cache-feature-amd64", "cache-main-amd64"], ["cache-feature-amd64"]],
        ["feature", "min", ["cache-feature-amd64", "cache-main-amd64"], ["cache-feature-amd64"]],
        ["feature", "off", [], []],
    ];
    for (const [branch, cacheMode, from, to] of cachePolicy) {
        it(`gives branch ${branch} its caches with mode ${cacheMode}`, async () => {
            const { inputs, pipeline } = await declare({ branch, cacheMode });
            assert.deepEqual(caches(inputs("line-api-image-amd64")), { from, to });
            assert.equal(
                await valueOf(pipeline.images["api"]!.cacheRef),
                to[0] === undefined ? undefined : `${registry}/shop/api:${to[0]}`,
            );
        });
    }

    it("knows all of an image and of what images share", async () => {
        const { pipeline, world } = await declare();
        const api = image("api");
        const expected = {
            images: {
                api: {
                    repositoryUrl: `${registry}/shop/api`,
                    imageUri: `${registry}/shop/api@${digestOf("line-api-image-amd64")}`,
                    imageDigest: digestOf("line-api-image-amd64"),
                    imageTag: contentTag(sourceOf({ spec: api, policy, sourceRoot: folder.path })),
                    cacheRef: `${registry}/shop/api:cache-main-amd64`,
                    imageTagParameter: "/shop/dev/config/image-tag",
                },
            },
            repositoryArns: { api: `arn:aws:ecr:${region}:${accountId}:repository/shop/api` },
            buildProjectName: "shop-dev",
            buildRoleArn: `arn:aws:iam::${accountId}:role/line-build-role-1a2b3c4`,
            startBuildPolicy: startBuildPolicy({
                projectArn: `arn:aws:codebuild:${region}:${accountId}:project/shop-dev`,
                logGroupArn: `arn:aws:logs:${region}:${accountId}:log-group:/aws/codebuild/shop-dev`,
            }),
            buildToolsKey: packagedTools().key,
            cacheBucketName: "line-cache-bucket-1a2b3c4",
            directoryAppParameter: "/shop/dev/config/directory-app",
            secretNameParameter: "/shop/dev/config/secret-name",
        };
        assert.deepEqual(world.resource("ImagePipeline line").outputs, expected);
        for (const [name, value] of Object.entries(expected.images.api)) {
            const outputs = pipeline.images["api"]!;
            assert.equal(await valueOf(outputs[name as keyof typeof outputs]), value, name);
        }
        assert.equal(await valueOf(pipeline.buildProjectName!), expected.buildProjectName);
        assert.equal(await valueOf(pipeline.buildRoleArn!), expected.buildRoleArn);
        assert.equal(await valueOf(pipeline.cacheBucketName!), expected.cacheBucketName);
        assert.equal(await valueOf(pipeline.directoryAppParameter), expected.directoryAppParameter);
        assert.equal(await valueOf(pipeline.secretNameParameter), expected.secretNameParameter);
    });

    it("copies the pinned BuildKit into the first image's repository, or the one that is named", async () => {
        const images = [image("api"), image("web")];
        const { inputs, world } = await declare({ images });
        assert.deepEqual(inputs("line-buildkit")["tags"], [
            `${registry}/shop/api:tool-buildkit-${buildkitRelease.version}`,
        ]);
        assert.deepEqual(inputs("line-buildkit")["dockerfile"], { inline: buildkitDockerfile(buildkitReference) });
        assert.equal(world.tree().filter((label) => label.includes("buildkit")).length, 1);
        const buildkitImage = "registry.example.com/moby/buildkit:v0.35.0";
        const named = await declare({ images, buildkitImage });
        assert.deepEqual(named.inputs("line-buildkit")["dockerfile"], { inline: buildkitDockerfile(buildkitImage) });
    });

    it("names the project of pull requests, where webhooks are asked for", async () => {
        const source = { type: "GITHUB", location: "https://github.com/acme/shop.git" };
        const { pipeline, world } = await declare({ project: { source, webhooks: true } });
        assert.equal(await valueOf(pipeline.pullRequestProjectName!), "shop-dev-pull-request");
        const { outputs } = world.resource("ImagePipeline line");
        assert.equal(outputs?.["pullRequestProjectName"], "shop-dev-pull-request");
    });

    it("uses an existing repository and bucket", async () => {
        const { world, inputs } = await declare({ existingRepositories: true, existingCacheBucketName: "team-cache" });
        const gone = /LifecyclePolicy|Repository line-api-repository|    Bucket(?!Object)/;
        assert.deepEqual(
            world.tree(),
            built.filter((label) => !gone.test(label)),
        );
        assert.equal(
            (inputs("line-build-project")["cache"] as { location: string }).location,
            "team-cache/build-cache",
        );
        assert.equal(
            inputs("line-release-image-tag")["insecureValue"],
            `${registry}/shop/api@${digestOf("line-api-image-amd64")}`,
        );
    });

    it("passes retention, key, certificates and names on", async () => {
        const kmsKeyArn = `arn:aws:kms:${region}:${accountId}:key/1`;
        const { inputs } = await declare({
            maxBuildCount: 1,
            cacheExpiryDays: 2,
            untaggedExpiryDays: 3,
            logRetentionDays: 5,
            kmsKeyArn,
            caCertificates: "certificates",
            hostFolder: "/srv/shop",
            secretName: "team/shop",
        });
        assert.equal(
            inputs("line-api-lifecycle")["policy"],
            lifecyclePolicy({ builds: 1, cacheDays: 2, untaggedDays: 3 }),
        );
        assert.deepEqual(
            (inputs("line-cache-lifecycle")["rules"] as { expiration: unknown }[]).map(({ expiration }) => expiration),
            [{ days: 2 }, { days: 2 }, { days: 2 }],
        );
        assert.equal(inputs("line-build-logs")["retentionInDays"], 5);
        assert.deepEqual(inputs("line-api-repository")["encryptionConfigurations"], [
            { encryptionType: "KMS", kmsKey: kmsKeyArn },
        ]);
        assert.match(JSON.stringify(inputs("line-cache-encryption")), /"kmsMasterKeyId":"arn:aws:kms:/);
        assert.match(inputs("line-build-policy")["policy"] as string, /"Sid":"UseEncryptionKey"/);
        assert.deepEqual(inputs("line-api-image-amd64")["secrets"], { secret: { ca: "certificates" } });
        assert.equal(inputs("line-release-directory-app")["insecureValue"], "/srv/shop");
        assert.equal(inputs("line-release-secret-name")["insecureValue"], "team/shop");
    });

    it("gives build secrets to both builders, values to the image and names to the project", async () => {
        const { world, inputs } = await declare({ buildSecrets: { npm: "shop/npm" }, caCertificates: "certificates" });
        assert.deepEqual(inputs("line-api-image-amd64")["secrets"], {
            secret: { ca: "certificates", npm: "value of shop/npm" },
        });
        assert.deepEqual(inputs("line-api-image-amd64")["ignoreSecretsInDiffCalculation"], ["ca", "npm"]);
        assert.doesNotMatch(JSON.stringify(inputs("line-build-project")), /value of/);
        const { environmentVariables } = inputs("line-build-project")["environment"] as Record<string, unknown>;
        assert.deepEqual(
            (environmentVariables as { name: string }[]).find(({ name }) => name === "BUILD_SECRETS"),
            { name: "BUILD_SECRETS", value: '{"npm":"shop/npm"}', type: "PLAINTEXT" },
        );
        assert.deepEqual(
            world.invokes.filter(({ token }) => token.includes("getSecretVersion")).map(({ inputs }) => inputs),
            [{ secretId: "shop/npm" }],
        );
    });

    for (const forceDestroy of [false, true]) {
        it(`${forceDestroy ? "deletes" : "keeps"} repository and bucket with forceDestroy ${forceDestroy}`, async () => {
            const { world, inputs } = await declare({ forceDestroy });
            assert.equal(inputs("line-api-repository")["forceDelete"], forceDestroy);
            assert.equal(inputs("line-cache-bucket")["forceDestroy"], forceDestroy);
            const kept = world.resources.filter((one) => one.options.retainOnDelete).map((one) => one.name);
            // Resources that queued builds name or start, and the proofs that they adopt images by; repository and bucket delete them along.
            const always = [
                "line-api-image-amd64",
                "line-api-image-amd64-proof",
                "line-build-images",
                "line-build-tools",
                "line-buildkit",
            ];
            const whenKept = [
                "line-api-lifecycle",
                "line-api-repository",
                "line-cache-bucket",
                "line-cache-encryption",
                "line-cache-lifecycle",
                "line-cache-policy",
                "line-cache-public-access",
            ];
            assert.deepEqual(kept.sort(), forceDestroy ? always : [...always, ...whenKept].sort());
        });
    }

    it("declares the same in the first preview, when little is known", async () => {
        const { world, inputs, pipeline } = await declare({}, { preview: true });
        assert.deepEqual(world.tree(), built);
        assert.equal(inputs("line-release-image-tag")["insecureValue"], unknown);
        assert.equal(await isKnown(pipeline.images["api"]!.imageUri), false);
        assert.equal(await valueOf(pipeline.buildProjectName!), "shop-dev");
    });

    it("knows in a later preview all but what is built", async () => {
        const existing = ["aws:ecr/repository:Repository", "aws:s3/bucket:Bucket", "aws:iam/role:Role"];
        const { inputs, pipeline } = await declare({}, { preview: true, existing });
        const [tag] = inputs("line-api-image-amd64")["tags"] as string[];
        assert.match(tag!, new RegExp(`^${registry}/shop/api:src-[0-9a-f]{40}$`));
        assert.equal(await valueOf(pipeline.images["api"]!.repositoryUrl), `${registry}/shop/api`);
        assert.equal(await isKnown(pipeline.images["api"]!.imageDigest), false);
    });
});
