import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { BatchGetImageCommand, DescribeImagesCommand, PutImageTagMutabilityCommand } from "@aws-sdk/client-ecr";
import { DeleteRolePolicyCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import {
    awsClients,
    engineWorld,
    type EngineWorld,
    layeredFiles,
    singleFile,
    TestStack,
    writeContext,
} from "../support/engineWorld";
import { type Run, type RunOptions, runProject } from "./projectRun";

describe("the buildspec", function () {
    this.timeout(180_000);
    let engine: EngineWorld;

    before(async () => {
        engine = await engineWorld();
    });

    /** Deploys a stack of one or more images, with the folders of their contexts. */
    async function deploy(stackName: string, contexts: Record<string, Record<string, string>>, extra: object = {}) {
        const images = await Promise.all(
            Object.entries(contexts).map(async ([name, files]) => ({
                name,
                context: await writeContext(`${stackName}-${name}`, files),
                ...extra,
            })),
        );
        const stack = await TestStack.open(engine, stackName, { images });
        const { outputs } = await stack.up();
        return { stack, outputs: outputs as Record<string, string>, images };
    }

    const build = (outputs: Record<string, string>, options?: RunOptions): Promise<Run> =>
        runProject(engine, outputs, options);

    async function tagsOf(outputs: Record<string, string>, digest: string): Promise<string[]> {
        const repositoryName = outputs.repositoryUrl!.slice(outputs.repositoryUrl!.indexOf("/") + 1);
        const command = new DescribeImagesCommand({ repositoryName, imageIds: [{ imageDigest: digest }] });
        const { imageDetails = [] } = await awsClients(engine).ecr.send(command);
        return imageDetails.flatMap(({ imageTags = [] }) => imageTags).sort();
    }

    describe("adopts what `pulumi up` built", () => {
        let outputs: Record<string, string>;

        before(async () => {
            ({ outputs } = await deploy("buildspec-adopt", { app: layeredFiles("print(1)\n") }));
        });

        it("without a builder, and gives it the commit's tag", async () => {
            // WHEN
            const run = await build(outputs, { isCommit: true });
            const { succeeded, log, exported, artifacts, metrics, bytes } = run;
            // THEN
            assert.ok(succeeded, log);
            assert.equal(run.build.builderStarted, false);
            assert.deepEqual(exported, {
                IMAGE_URI: outputs.imageUri,
                IMAGE_DIGEST: outputs.imageDigest,
                IMAGE_TAG: outputs.imageTag,
                CACHE_HIT_RATIO: "1.00",
            });
            assert.deepEqual(artifacts, {
                "imagedefinitions.json": [{ name: "app", imageUri: outputs.imageUri }],
                "imageDetail.json": { ImageURI: outputs.imageUri },
            });
            const commit = `git-${run.build.resolvedSourceVersion}`;
            assert.deepEqual(await tagsOf(outputs, outputs.imageDigest!), [commit, outputs.imageTag]);
            const { ImagesAdopted, ImagesBuilt, StepsRun, BytesRead, SecondsTotal } = metrics;
            assert.deepEqual(
                { ImagesAdopted, ImagesBuilt, StepsRun, BytesRead },
                { ImagesAdopted: 1, ImagesBuilt: 0, StepsRun: 0, BytesRead: 0 },
            );
            console.log(`        the buildspec's own time: ${SecondsTotal} s`);
            assert.deepEqual(bytes, { down: 0, up: 0 });
        });

        it("a second time for the same commit", async () => {
            const { succeeded, log, exported } = await build(outputs, { isCommit: true });
            assert.ok(succeeded, log);
            assert.equal(exported.IMAGE_DIGEST, outputs.imageDigest);
        });

        it("says what is missing to build, when it has to", async () => {
            const changed = { "buildspec-adopt-app/app/main.py": "print(2)\n" };
            const { succeeded, log, exported } = await build(outputs, {
                variables: { BUILDKIT_ADDRESS: "", BUILDKIT_IMAGE: "" },
                changed,
            });
            assert.equal(succeeded, false);
            assert.match(log, /The variable BUILDKIT_IMAGE is missing; the CodeBuild project sets it/);
            assert.equal(exported.IMAGE_URI, undefined);
        });
    });

    describe("builds a change", () => {
        let outputs: Record<string, string>;
        const changed = { "buildspec-change-app/app/main.py": "print(2)\n" };

        before(async () => {
            ({ outputs } = await deploy("buildspec-change", { app: layeredFiles("print(1)\n") }));
        });

        it("of a pull request, without pushing anything", async () => {
            const webhook = { event: "pull_request", head: "feature", base: "main" } as const;
            const { succeeded, log, exported, artifacts, bytes } = await build(outputs, { webhook, changed });
            assert.ok(succeeded, log);
            assert.deepEqual([exported.IMAGE_URI, exported.IMAGE_DIGEST], ["", ""]);
            assert.deepEqual(artifacts, { "imagedefinitions.json": [] });
            assert.equal(bytes.up, 0);
        });

        it("on an empty builder, without reading what is cached", async () => {
            const run = await build(outputs, { changed, isCommit: true });
            const { succeeded, log, exported, metrics, bytes } = run;
            assert.ok(succeeded, log);
            assert.match(exported.IMAGE_DIGEST!, /^sha256:[0-9a-f]{64}$/);
            assert.equal(exported.IMAGE_URI, `${outputs.repositoryUrl}@${exported.IMAGE_DIGEST}`);
            assert.notEqual(exported.IMAGE_TAG, outputs.imageTag);
            const commit = `git-${run.build.resolvedSourceVersion}`;
            assert.deepEqual(await tagsOf(outputs, exported.IMAGE_DIGEST!), [commit, exported.IMAGE_TAG]);
            assert.equal(run.build.builderStarted, true);
            assert.equal(metrics.StepsRun, 1);
            assert.ok(metrics.StepsCached! >= 3, log);
            assert.ok(bytes.down < 1_000_000, `${bytes.down} bytes were read`);
        });

        it("that another build pushes at the same time: both end well, the first one gets the commit's tag", async () => {
            const options = { changed: { "buildspec-change-app/app/main.py": "print(3)\n" }, isCommit: true };
            const runs = await Promise.all([build(outputs, options), build(outputs, options)]);
            for (const { succeeded, log } of runs) assert.ok(succeeded, log);
            assert.equal(runs[0].exported.IMAGE_TAG, runs[1].exported.IMAGE_TAG);
            const tagged = await Promise.all(runs.map(({ exported }) => tagsOf(outputs, exported.IMAGE_DIGEST!)));
            assert.ok(tagged.flat().includes(`git-${runs[0].build.resolvedSourceVersion}`));
        });

        it("but fails when the image must not be pushed, and says so", async () => {
            const { iam } = awsClients(engine);
            const RoleName = outputs.buildRoleArn!.split("/").pop()!;
            const PolicyName = "deny";
            const statement = { Effect: "Deny", Action: "ecr:PutImage", Resource: "*" };
            const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
            await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }));
            try {
                const changed = { "buildspec-change-app/app/main.py": "print(4)\n" };
                const { succeeded, log, exported } = await build(outputs, { changed });
                assert.equal(succeeded, false);
                assert.match(log, /ecr:PutImage/);
                assert.equal(exported.IMAGE_URI, undefined);
            } finally {
                await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
            }
        });

        it("although its cache cannot be written", async () => {
            // GIVEN that no tag may move, so that the branch's cache is refused
            const repositoryName = outputs.repositoryUrl!.slice(outputs.repositoryUrl!.indexOf("/") + 1);
            const { ecr } = awsClients(engine);
            await ecr.send(new PutImageTagMutabilityCommand({ repositoryName, imageTagMutability: "IMMUTABLE" }));
            // WHEN
            const changed = { "buildspec-change-app/app/main.py": "print(5)\n" };
            const { succeeded, log, exported } = await build(outputs, { changed });
            // THEN
            assert.ok(succeeded, log);
            assert.match(log, /immutable/);
            assert.deepEqual(await tagsOf(outputs, exported.IMAGE_DIGEST!), [exported.IMAGE_TAG]);
        });
    });

    it("builds the image that is missing and adopts the other one", async () => {
        const { outputs } = await deploy("buildspec-two", { api: singleFile("1"), worker: singleFile("2") });
        const { succeeded, log, artifacts, metrics } = await build(outputs, {
            changed: { "buildspec-two-worker/file": "3" },
        });
        assert.ok(succeeded, log);
        assert.deepEqual([metrics.ImagesAdopted, metrics.ImagesBuilt], [1, 1]);
        const definitions = artifacts["imagedefinitions.json"] as { name: string; imageUri: string }[];
        assert.deepEqual(
            definitions.map(({ name }) => name),
            ["api", "worker"],
        );
        assert.equal(definitions[0]!.imageUri, outputs.imageUri);
        assert.ok(definitions[1]!.imageUri.startsWith(`${outputs.repositoryUrl}/worker@sha256:`));
    });

    it("builds for several platforms and joins them", async () => {
        const platforms = ["linux/amd64", "linux/arm64"];
        const { outputs } = await deploy("buildspec-platforms", { app: singleFile("1") }, { platforms });
        const adopted = await build(outputs);
        assert.equal(adopted.build.builderStarted, false);
        assert.equal(adopted.exported.IMAGE_DIGEST, outputs.imageDigest, adopted.log);
        const { succeeded, log, exported } = await build(outputs, { changed: { "buildspec-platforms-app/file": "2" } });
        assert.ok(succeeded, log);
        const manifest = await fetchManifest(outputs.repositoryUrl!, exported.IMAGE_DIGEST!);
        assert.deepEqual(
            manifest.manifests.map(({ platform }) => `${platform.os}/${platform.architecture}`),
            platforms,
        );
    });

    it("hands build secrets over as files, which its log does not show", async () => {
        // GIVEN a secret that the role may read, and an image that uses it
        const value = "v3ry-s3cret";
        const Name = "buildspec/npm";
        await secretsManager().send(new CreateSecretCommand({ Name, SecretString: value }));
        const { outputs } = await deploy("buildspec-secrets", { app: singleFile("1") });
        const statement = { Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: "*" };
        const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
        const RoleName = outputs.buildRoleArn!.split("/").pop()!;
        await awsClients(engine).iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "secret", PolicyDocument }));
        // WHEN
        const { succeeded, log } = await build(outputs, {
            variables: { BUILD_SECRETS: JSON.stringify({ npm: Name }) },
            changed: {
                "buildspec-secrets-app/Dockerfile": [
                    `FROM ${engine.world.registry}/base/busybox:1.37-musl`,
                    "RUN --mount=type=secret,id=npm,required=true sha256sum /run/secrets/npm",
                    "",
                ].join("\n"),
            },
        });
        // THEN
        assert.ok(succeeded, log);
        assert.ok(log.includes(createHash("sha256").update(value).digest("hex")), log);
        assert.equal(log.includes(value), false);
    });

    function secretsManager(): SecretsManagerClient {
        const { endpoint, region, accessKeyId, secretAccessKey } = engine.world;
        return new SecretsManagerClient({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });
    }

    it("says which file the source lacks", async () => {
        const { outputs } = await deploy("buildspec-lacking", { app: singleFile("1") });
        const { succeeded, log } = await build(outputs, { removed: ["buildspec-lacking-app"] });
        assert.equal(succeeded, false);
        assert.match(log, /The source has no folder \S+\/buildspec-lacking-app, the build context of image app\./);
    });

    async function fetchManifest(repositoryUrl: string, digest: string) {
        const repositoryName = repositoryUrl.slice(repositoryUrl.indexOf("/") + 1);
        const command = new BatchGetImageCommand({ repositoryName, imageIds: [{ imageDigest: digest }] });
        const { images = [] } = await awsClients(engine).ecr.send(command);
        return JSON.parse(images[0]!.imageManifest!) as {
            manifests: { platform: { os: string; architecture: string } }[];
        };
    }
});
