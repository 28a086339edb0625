import assert from "node:assert/strict";
import * as path from "node:path";
import { runtime } from "@pulumi/pulumi";
import { readConfig } from "../../../infra/config/config";
import { mockPulumi } from "../../../local/mocks/mockPulumi";

const root = path.resolve(__dirname, "../../..");
const digest = `sha256:${"a".repeat(64)}`;
const otherDigest = `sha256:${"b".repeat(64)}`;
const received = { image: '{"source":"digest"}' };
const project = "cached-image-pipeline";

async function read(config: Record<string, string>, stack = "dev") {
    await mockPulumi({ config, stack });
    return readConfig();
}

/** Renders a list of images as JSON text, as Pulumi passes it. */
function images(...list: unknown[]): Record<string, string> {
    return { images: JSON.stringify(list) };
}

const app = {
    name: "app",
    context: "app",
    dockerfile: "app/Dockerfile",
    platforms: ["linux/amd64"],
    compression: "zstd",
    repositoryName: "cached-image-pipeline-dev",
    digest: undefined,
};

const defaults = {
    application: project,
    environment: "dev",
    sourceRoot: root,
    images: [app],
    existingRepositories: false,
    baseRegistry: "public.ecr.aws/docker/library",
    project: { nativeBuilds: false },
    buildSecrets: {},
    lambdaFunctionNames: [],
    branch: "main",
    defaultBranch: "main",
    cacheMode: "max",
    rebuildKey: "",
    secretName: `${project}/dev`,
    parallelBuilds: 4,
    maxBuildCount: 50,
    cacheExpiryDays: 30,
    untaggedExpiryDays: 7,
    logRetentionDays: 30,
    forceDestroy: false,
};

/** All that CodeBuild's project can be given. */
const codebuild = {
    environmentType: "ARM_CONTAINER",
    computeType: "BUILD_GENERAL1_LARGE",
    image: "aws/codebuild/amazonlinux-aarch64-standard:3.0",
    vpcConfig: {
        vpcId: "vpc-0123456789abcdef0",
        subnets: ["subnet-0123456789abcdef0"],
        securityGroupIds: ["sg-0123456789abcdef0"],
    },
    dockerServer: { computeType: "BUILD_GENERAL1_SMALL", securityGroupIds: ["sg-0123456789abcdef0"] },
    cache: { type: "LOCAL", modes: ["LOCAL_CUSTOM_CACHE"] },
    cacheNamespace: "shop",
    buildTimeout: 5,
    queuedTimeout: 480,
    autoRetryLimit: 0,
    concurrentBuildLimit: 2,
    sourceVersion: "release",
    environmentVariables: [{ name: "TOKEN", value: "shop/token", type: "SECRETS_MANAGER" }],
};

describe("readConfig", () => {
    it("has a default for everything", async () => {
        assert.deepEqual(await read({}), defaults);
    });

    it("passes all settings on", async () => {
        const config = await read({
            ...images({
                name: "api",
                context: "app",
                dockerfile: "app/Dockerfile",
                target: "build",
                buildArgs: { A: "1" },
                platforms: ["linux/arm64"],
                compression: "gzip",
                pinnedStages: ["tools", { name: "deps", layers: ["/srv/packages"] }],
                repositoryName: "shop/api",
            }),
            image: '{"source":"build"}',
            codebuild: JSON.stringify(codebuild),
            repositoryName: "unused",
            existingRepositories: "true",
            baseRegistry: "127.0.0.1:5000/base",
            buildkitImage: "127.0.0.1:5000/buildkit:1",
            buildSecrets: '{"npm":"shop/npm"}',
            branch: "feature/x",
            defaultBranch: "trunk",
            cacheMode: "min",
            rebuildKey: "2026",
            parallelBuilds: "8",
            maxBuildCount: "1",
            cacheExpiryDays: "2",
            untaggedExpiryDays: "3",
            logRetentionDays: "5",
            kmsKeyArn: "arn:aws-us-gov:kms:us-gov-west-1:123456789012:key/mrk-1",
            secretKmsKeyArn: "arn:aws-us-gov:kms:us-gov-west-1:123456789012:key/mrk-2",
            existingCacheBucketName: "shop-cache",
            hostFolder: "/srv/shop",
            secretName: "shop/settings",
            lambdaFunctionNames: '["shop-prod"]',
            forceDestroy: "true",
        });
        assert.deepEqual(config, {
            application: project,
            environment: "dev",
            sourceRoot: root,
            images: [
                {
                    ...app,
                    name: "api",
                    target: "build",
                    buildArgs: { A: "1" },
                    platforms: ["linux/arm64"],
                    compression: "gzip",
                    pinnedStages: [{ name: "tools" }, { name: "deps", layers: ["/srv/packages"] }],
                    repositoryName: "shop/api",
                },
            ],
            repositoryName: "unused",
            existingRepositories: true,
            baseRegistry: "127.0.0.1:5000/base",
            buildkitImage: "127.0.0.1:5000/buildkit:1",
            project: { ...codebuild, nativeBuilds: false },
            buildSecrets: { npm: "shop/npm" },
            branch: "feature/x",
            defaultBranch: "trunk",
            cacheMode: "min",
            rebuildKey: "2026",
            parallelBuilds: 8,
            maxBuildCount: 1,
            cacheExpiryDays: 2,
            untaggedExpiryDays: 3,
            logRetentionDays: 5,
            kmsKeyArn: "arn:aws-us-gov:kms:us-gov-west-1:123456789012:key/mrk-1",
            secretKmsKeyArn: "arn:aws-us-gov:kms:us-gov-west-1:123456789012:key/mrk-2",
            existingCacheBucketName: "shop-cache",
            hostFolder: "/srv/shop",
            secretName: "shop/settings",
            lambdaFunctionNames: ["shop-prod"],
            forceDestroy: true,
        });
    });

    const oneContext = (name: string, extra: object = {}) => ({ name, context: "app", ...extra });
    const prefix = `${project}-dev`;
    const repositories: [what: string, config: Record<string, string>, ...names: string[]][] = [
        ["one image the name of project and stack", images(oneContext("api")), prefix],
        ["one image the configured name", { ...images(oneContext("api")), repositoryName: "shop" }, "shop"],
        [
            "further images a folder below that of the first",
            images(oneContext("api"), oneContext("worker"), oneContext("web")),
            prefix,
            `${prefix}/worker`,
            `${prefix}/web`,
        ],
        [
            "further images a folder below the configured name",
            { ...images(oneContext("api"), oneContext("worker")), repositoryName: "shop" },
            "shop",
            "shop/worker",
        ],
        [
            "each image the name of its own that it has",
            images(
                oneContext("api", { repositoryName: "team/api" }),
                oneContext("worker"),
                oneContext("web", { repositoryName: "team/web" }),
            ),
            "team/api",
            `${prefix}/worker`,
            "team/web",
        ],
    ];
    for (const [what, config, ...names] of repositories) {
        it(`gives ${what}`, async () => {
            assert.deepEqual(
                (await read(config)).images.map((one) => one.repositoryName),
                names,
            );
        });
    }

    it("keeps the repository of an image when others join it", async () => {
        const [alone] = (await read(images(oneContext("api")))).images;
        const [first] = (await read(images(oneContext("api"), oneContext("worker")))).images;
        assert.deepEqual(first, alone);
    });

    it("compresses the image that Lambda runs by gzip, which it needs, and others by zstd", async () => {
        const config = { ...images(oneContext("api"), oneContext("worker")), lambda: '{"memory":512}' };
        assert.deepEqual(
            (await read(config)).images.map((one) => one.compression),
            ["gzip", "zstd"],
        );
    });

    const digests: [what: string, config: Record<string, string>, ...digests: string[]][] = [
        ["imageDigest of the only image", { ...images({ name: "api" }), imageDigest: digest }, digest],
        ["an image's own digest", images({ name: "api", digest }), digest],
        [
            "an image's own digest before imageDigest",
            { ...images({ name: "api", digest }), imageDigest: otherDigest },
            digest,
        ],
        [
            "the digests of several images",
            images({ name: "api", digest }, { name: "web", digest: otherDigest }),
            digest,
            otherDigest,
        ],
    ];
    for (const [what, config, ...expected] of digests) {
        it(`takes ${what} instead of its sources where nothing is built`, async () => {
            const { images: list } = await read({ ...config, ...received });
            assert.deepEqual(
                list.map((one) => one.digest),
                expected,
            );
        });
    }

    it("needs no sources where nothing is built", async () => {
        const config = { ...images({ name: "api", context: "nowhere", dockerfile: "no/file", digest }), ...received };
        assert.deepEqual((await read(config)).images, [
            {
                ...app,
                name: "api",
                context: "nowhere",
                dockerfile: "no/file",
                digest,
            },
        ]);
    });

    it("names repositories in lower case when the stack's name has capitals", async () => {
        assert.equal((await read({}, "Feature1")).images[0]?.repositoryName, `${project}-feature1`);
    });

    it("leaves the settings of other projects alone", async () => {
        await mockPulumi();
        runtime.setAllConfig({ "aws:region": "eu-central-1", "other:colour": "red" });
        assert.deepEqual(readConfig(), defaults);
    });

    for (const stack of ["a", "0", "-a", "Feature_1-x", "a".repeat(100)]) {
        it(`takes a stack called ${stack}`, async () => {
            assert.equal((await read({ repositoryName: "shop" }, stack)).environment, stack);
        });
    }
});
