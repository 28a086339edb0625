import assert from "node:assert/strict";
import { buildRolePolicy } from "../../infra/build/buildRolePolicy";
import { contentTag } from "../../infra/image";
import { lifecyclePolicy } from "../../infra/image/lifecyclePolicy";
import type { ImagePipelineArgs, PipelineImage } from "../../infra/imagePipelineArgs";
import { accountId, digestOf, region, registry } from "../support/mockOutputs";
import { isKnown, type MockOptions, unknown, valueOf } from "../support/mocks";
import { baseRegistry, built, buildInfrastructure, declarePipeline, pipelineImage, received } from "./pipelineFixture";
import { temporaryFolder } from "./temporaryFolder";

const digest = `sha256:${"a".repeat(64)}`;

describe("ImagePipeline", () => {
    const folder = temporaryFolder();

    const image = (name: string, extra?: Partial<PipelineImage>) => pipelineImage(folder.path, name, extra);
    const declare = (extra: Partial<ImagePipelineArgs> = {}, options?: MockOptions) =>
        declarePipeline({ images: [image("api")], ...extra }, options);

    /** The caches that an Image reads and writes. */
    function caches(inputs: Record<string, unknown>): { from: string[]; to: string[] } {
        const references = (list: unknown) =>
            (list as { registry: { ref: string } }[]).map(({ registry }) => registry.ref.replace(/^.*:/, ""));
        return { from: references(inputs["cacheFrom"]), to: references(inputs["cacheTo"]) };
    }

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
            { name: "BASE_REGISTRY", value: baseRegistry, type: "PLAINTEXT" },
            { name: "CACHE_MODE", value: "max", type: "PLAINTEXT" },
            { name: "DEFAULT_BRANCH", value: "main", type: "PLAINTEXT" },
            { name: "REPOSITORY_URL", value: `${registry}/shop/api`, type: "PLAINTEXT" },
        ]);
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
        const tag = contentTag({ ...api, buildArgs, rebuildKey: "2026" });
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
                    imageTag: contentTag({ ...api, buildArgs: { BASE_REGISTRY: baseRegistry }, rebuildKey: "" }),
                    cacheRef: `${registry}/shop/api:cache-main-amd64`,
                    imageTagParameter: "/shop/dev/config/image-tag",
                },
            },
            buildProjectName: "shop-dev",
            buildRoleArn: `arn:aws:iam::${accountId}:role/line-build-role-1a2b3c4`,
            cacheBucketName: "line-cache-bucket-1a2b3c4",
            directoryAppParameter: "/shop/dev/config/directory-app",
            secretNameParameter: "/shop/dev/config/secret-name",
        };
        assert.deepEqual(world.resource("ImagePipeline line").outputs, expected);
        for (const [name, value] of Object.entries(expected.images.api)) {
            const outputs = pipeline.images["api"]!;
            assert.equal(await valueOf(outputs[name as keyof typeof outputs]), value, name);
        }
        const { images: _, ...shared } = expected;
        for (const [name, value] of Object.entries(shared)) {
            assert.equal(await valueOf(pipeline[name as keyof typeof shared]!), value, name);
        }
    });

    it("declares several images with one project, one bucket and a parameter for each", async () => {
        const { world, inputs, pipeline } = await declare({ images: [image("api"), image("worker")] });
        assert.deepEqual(
            world.tree().filter((label) => !built.includes(label)),
            [
                "  AppImage line-worker",
                "    Image line-worker-image-amd64",
                "  ImageRepository line-worker",
                "    LifecyclePolicy line-worker-lifecycle",
                "    Repository line-worker-repository",
                "    Parameter line-release-image-tag-worker",
            ],
        );
        assert.equal(world.resources.length, built.length + 6);
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
        const { world, inputs } = await declare({
            images: [image("api", { platforms: ["linux/amd64", "linux/arm64"] })],
            keepBuilds: 10,
        });
        assert.deepEqual(
            world.tree().filter((label) => ![...received, ...buildInfrastructure].includes(label)),
            ["    Image line-api-image-amd64", "    Image line-api-image-arm64", "    Index line-api-index"],
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
        const { world, pipeline } = await declare({ images: [image("api", { digest })] });
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
            directoryAppParameter: "/shop/dev/config/directory-app",
            secretNameParameter: "/shop/dev/config/secret-name",
        });
        assert.equal(pipeline.buildProjectName, undefined);
        assert.equal(pipeline.buildRoleArn, undefined);
        assert.equal(pipeline.cacheBucketName, undefined);
        assert.equal(await valueOf(pipeline.images["api"]!.imageUri), imageUri);
        assert.equal(await valueOf(pipeline.images["api"]!.imageTag), undefined);
        assert.equal(await valueOf(pipeline.images["api"]!.cacheRef), undefined);
    });

    it("does not even look at the existing bucket when all images are received", async () => {
        const images = [image("api", { digest }), image("worker", { digest })];
        const { world } = await declare({ images, createRepository: false, cacheBucketName: "team-cache" });
        const gone = /LifecyclePolicy|Repository line-api-repository/;
        assert.deepEqual(
            world.tree().filter((label) => !label.includes("worker")),
            received.filter((label) => !gone.test(label)),
        );
        assert.deepEqual(world.invokes.map(({ inputs }) => inputs["name"]).sort(), ["shop/api", "shop/worker"]);
        assert.equal(world.invokes.length, 2);
    });

    it("lets the project build those images only that are not received", async () => {
        const { world, inputs, pipeline } = await declare({ images: [image("api", { digest }), image("worker")] });
        assert.deepEqual(
            world.tree().filter((label) => label.includes("Image line-")),
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
            }),
        );
        const { environmentVariables } = inputs("line-build-project")["environment"] as Record<string, unknown>;
        assert.deepEqual(
            (environmentVariables as { name: string }[]).find(({ name }) => name === "REPOSITORY_URL"),
            {
                name: "REPOSITORY_URL",
                value: `${registry}/shop/worker`,
                type: "PLAINTEXT",
            },
        );
        assert.equal(await valueOf(pipeline.images["api"]!.imageUri), `${registry}/shop/api@${digest}`);
        assert.equal(inputs("line-release-image-tag")["insecureValue"], `${registry}/shop/api@${digest}`);
        assert.equal(await valueOf(pipeline.buildProjectName!), "shop-dev");
    });

    const ownRegistries: [what: string, baseRegistry: string, expected: string[]][] = [
        ["a prefix of the own registry", `${registry}/docker-hub`, ["docker-hub/*"]],
        ["a public registry", "public.ecr.aws/docker-hub", []],
        ["another account's registry", `999999999999${registry.slice(12)}/docker-hub`, []],
    ];
    for (const [what, base, expected] of ownRegistries) {
        it(`lets builds read ${expected.join() || "no"} base images of the account with ${what}`, async () => {
            const { inputs } = await declare({ baseRegistry: base });
            const policy = inputs("line-build-policy")["policy"] as string;
            const { Statement } = JSON.parse(policy) as { Statement: { Sid: string; Resource: string[] }[] };
            assert.deepEqual(
                Statement.filter(({ Sid }) => Sid === "PullBaseImages").flatMap(({ Resource }) => Resource),
                expected.map((name) => `arn:aws:ecr:${region}:${accountId}:repository/${name}`),
            );
        });
    }

    it("uses an existing repository and bucket", async () => {
        const { world, inputs } = await declare({ createRepository: false, cacheBucketName: "team-cache" });
        const gone = /LifecyclePolicy|Repository line-api-repository|  Bucket/;
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
            keepBuilds: 1,
            cacheExpiryDays: 2,
            untaggedExpiryDays: 3,
            logRetentionDays: 5,
            kmsKeyArn,
            caCertificates: "certificates",
            directoryApp: "/srv/shop",
            secretName: "team/shop",
        });
        assert.equal(
            inputs("line-api-lifecycle")["policy"],
            lifecyclePolicy({ builds: 1, cacheDays: 2, untaggedDays: 3 }),
        );
        assert.deepEqual(
            (inputs("line-cache-lifecycle")["rules"] as { expiration: unknown }[]).map(({ expiration }) => expiration),
            [{ days: 2 }],
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

    for (const throwAway of [false, true]) {
        it(`${throwAway ? "deletes" : "keeps"} repository and bucket with throwAway ${throwAway}`, async () => {
            const { world, inputs } = await declare({ throwAway });
            assert.equal(inputs("line-api-repository")["forceDelete"], throwAway);
            assert.equal(inputs("line-cache-bucket")["forceDestroy"], throwAway);
            const kept = world.resources.filter((one) => one.options.retainOnDelete).map((one) => one.name);
            const always = ["line-api-image-amd64"];
            const whenKept = [
                "line-api-lifecycle",
                "line-api-repository",
                "line-cache-bucket",
                "line-cache-encryption",
                "line-cache-lifecycle",
                "line-cache-policy",
                "line-cache-public-access",
            ];
            assert.deepEqual(kept.sort(), throwAway ? always : [...always, ...whenKept].sort());
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
