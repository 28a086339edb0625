import assert from "node:assert/strict";
import * as path from "node:path";
import { setImmediate } from "node:timers/promises";
import { DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { ListProjectsCommand } from "@aws-sdk/client-codebuild";
import { BatchDeleteImageCommand, DescribeImagesCommand, DescribeRepositoriesCommand } from "@aws-sdk/client-ecr";
import { ListRolesCommand } from "@aws-sdk/client-iam";
import { ListBucketsCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { paginateGetParametersByPath } from "@aws-sdk/client-ssm";
import { readConfig } from "../../infra/config/config";
import { AppImage } from "../../infra/image/appImage";
import type { ImageBuild } from "../../infra/image/imageBuild";
import { ImageRepository } from "../../infra/image/imageRepository";
import { ImagePipeline } from "../../infra/pipeline/imagePipeline";
import { projectRoot } from "../../local/paths";
import { inProgramDirectory } from "../../local/world/stack";
import {
    awsClients,
    engineWorld,
    type EngineWorld,
    expireRegistryTokens,
    killEngine,
    singleFile,
    TestStack,
    writeContext,
} from "../support/engineWorld";

describe("the life of a stack", function () {
    this.timeout(120_000);
    let engine: EngineWorld;
    let clients: ReturnType<typeof awsClients>;

    before(async () => {
        engine = await engineWorld();
        clients = awsClients(engine);
    });

    async function openStack(name: string, settings: Record<string, unknown> = {}): Promise<TestStack> {
        const context = await writeContext(name, singleFile(name));
        return TestStack.open(engine, name, { images: [{ name: "app", context }], ...settings });
    }

    it("leaves nothing behind when a throw-away stack is destroyed, images and objects included", async () => {
        // GIVEN what exists without the stack
        const before = await belongings();
        // AND the stack, with an image in its repository and an object in its bucket
        const stack = await openStack("gone");
        const { outputs } = await stack.up();
        const Bucket = outputs.cacheBucketName as string;
        await clients.s3.send(new PutObjectCommand({ Bucket, Key: "build-cache/one", Body: "1" }));
        assert.equal((await belongings()).length, before.length + 8);
        // WHEN it is destroyed
        await stack.destroy();
        // THEN the account is as before, and the state holds no resource
        assert.deepEqual(await belongings(), before);
        assert.deepEqual((await stack.state()).resources, []);
    });

    it("leaves repository, images and bucket when a retaining stack is destroyed", async () => {
        const before = await belongings();
        const stack = await openStack("kept", { forceDestroy: false });
        const { outputs } = await stack.up();
        await stack.destroy();
        const left = (await belongings()).filter((name) => !before.includes(name));
        assert.deepEqual(left, [
            `bucket ${outputs.cacheBucketName as string}`,
            "repository cached-image-pipeline-kept",
        ]);
        assert.deepEqual(await tagsOf("cached-image-pipeline-kept", outputs.imageDigest as string), [outputs.imageTag]);
    });

    it("keeps no plain secret in its state, the registry's password included", async () => {
        // GIVEN a program that lets the password be seen
        const passwords: string[] = [];
        const context = path.join(projectRoot, await writeContext("plain-secrets", singleFile("secrets")));
        const program = () =>
            inProgramDirectory(() => {
                const repository = new ImageRepository("app", { repositoryName: "secrets", forceDestroy: true });
                const credentials = repository.credentials();
                credentials.password.apply((password) => passwords.push(password));
                const build: ImageBuild = {
                    spec: {
                        name: "app",
                        context: ".",
                        dockerfile: "Dockerfile",
                        platforms: ["linux/amd64"],
                        compression: "zstd",
                    },
                    policy: { baseRegistry: "none", branch: "main", defaultBranch: "main", cacheMode: "off" },
                    sourceRoot: context,
                    secrets: { token: "a build secret" },
                };
                const image = new AppImage("app", { repositoryUrl: repository.repositoryUrl, credentials, build });
                return Promise.resolve({ images: {}, digest: image.imageDigest });
            });
        const stack = await TestStack.open(engine, "plain-secrets", {}, program);
        // WHEN it was run
        await stack.up();
        // THEN neither the password nor the build secret is in the state in plain
        const { text } = await stack.state();
        assert.equal(passwords.length, 1);
        for (const secret of [...passwords, "a build secret"]) {
            assert.equal(text.includes(secret), false);
            assert.equal(text.includes(Buffer.from(`AWS:${secret}`).toString("base64")), false);
        }
        assert.match(text, /"ciphertext"/);
    });

    it("keeps all resources when a component is renamed with an alias", async () => {
        // GIVEN a pipeline under its first name
        const named = (name: string, alias?: string) => () =>
            inProgramDirectory(() => {
                const aliases = alias === undefined ? [] : [{ name: alias }];
                const { images } = new ImagePipeline(
                    name,
                    { ...readConfig(), buildspec: "version: 0.2\n", infrastructure: undefined },
                    { aliases },
                );
                return Promise.resolve({ images });
            });
        const context = await writeContext("renamed", singleFile("renamed"));
        const settings = { images: [{ name: "app", context }] };
        const before = await TestStack.open(engine, "renamed", settings, named("pipeline"));
        const { changes: created, outputs } = await before.up();
        // WHEN it gets another name and an alias for the old one
        const after = await TestStack.open(engine, "renamed", settings, named("delivery", "pipeline"));
        const { changes, outputs: outputsAfter } = await after.up();
        // THEN nothing is created, replaced or deleted
        assert.deepEqual(changes, { create: 0, update: 0, replace: 0, delete: 0, same: created.create });
        assert.deepEqual(outputsAfter, outputs);
    });

    it("finds out in a refresh that an image is gone, and builds it again", async () => {
        const stack = await openStack("drift");
        const { outputs, changes: created } = await stack.up();
        // GIVEN an image that somebody deleted
        const repositoryName = "cached-image-pipeline-drift";
        const imageDigest = outputs.imageDigest as string;
        await clients.ecr.send(new BatchDeleteImageCommand({ repositoryName, imageIds: [{ imageDigest }] }));
        // WHEN the stack is refreshed THEN it alone is missing
        assert.deepEqual(await stack.refresh(), { delete: 1, same: created.create - 1 });
        // AND the next update brings it back
        const { changes } = await stack.up();
        assert.equal(changes.create, 1);
        assert.deepEqual(await tagsOf(repositoryName, imageDigest), [outputs.imageTag]);
    });

    it("keeps everything in a refresh whose registry token has expired", async () => {
        const stack = await openStack("expired");
        const { changes: created } = await stack.up();
        // GIVEN a state whose token is too old
        await expireRegistryTokens(engine);
        // THEN a refresh neither fails nor loses the image
        assert.deepEqual(await stack.refresh(), { same: created.create });
        // AND an update gets a new token and has nothing to do
        assert.equal((await stack.up()).changes.same, created.create);
    });

    it("resumes an update that was interrupted in the middle of a build", async () => {
        // GIVEN a build that does not end by itself
        const slow = { Dockerfile: "ARG BASE_REGISTRY\nFROM ${BASE_REGISTRY}/busybox:1.37-musl\nRUN sleep 600\n" };
        const context = await writeContext("interrupted", slow);
        const stack = await TestStack.open(engine, "interrupted", { images: [{ name: "app", context }] });
        const interruption = new AbortController();
        // WHEN the update is interrupted while the step runs
        const isRunning = (line: string) => line.includes("RUN sleep") && interruption.abort();
        await assert.rejects(stack.up(interruption.signal, isRunning));
        // AND the build was mended
        await writeContext("interrupted", singleFile("done"));
        // THEN the next update creates what is missing, and the one after it finds nothing to do
        const { changes, outputs } = await stack.up();
        assert.ok(changes.create > 0);
        const after = (await stack.up()).changes;
        assert.deepEqual(after, { create: 0, update: 0, replace: 0, delete: 0, same: changes.create + changes.same });
        assert.deepEqual(await tagsOf("cached-image-pipeline-interrupted", outputs.imageDigest as string), [
            outputs.imageTag,
        ]);
    });

    it("goes on after the engine was killed in the middle of a build", async () => {
        // GIVEN an update whose engine dies without a chance to clean up
        const slow = { Dockerfile: "ARG BASE_REGISTRY\nFROM ${BASE_REGISTRY}/busybox:1.37-musl\nRUN sleep 600\n" };
        const context = await writeContext("killed", slow);
        const stack = await TestStack.open(engine, "killed", { images: [{ name: "app", context }] });
        // (but not in the middle of a call to AWS, whose result nobody would ever know)
        const killed = assert.rejects(stack.up());
        const isBuilding = async () => {
            const { resources, pending } = await stack.state();
            const types = resources.map((resource) => resource.type);
            // The project waits for the image; what does not, the copy of BuildKit last, is made by then.
            const others = ["aws:iam/rolePolicy:RolePolicy", "docker-build:index:Image"];
            return others.every((type) => types.includes(type)) && pending.join() === "docker-build:index:Image";
        };
        while (!(await isBuilding())) await setImmediate();
        killEngine();
        await killed;
        // WHEN the build was mended and the stack is opened again
        await writeContext("killed", singleFile("done"));
        const again = await TestStack.open(engine, "killed", { images: [{ name: "app", context }] });
        // THEN no lock is in the way
        const { outputs } = await again.up();
        assert.deepEqual(await tagsOf("cached-image-pipeline-killed", outputs.imageDigest as string), [
            outputs.imageTag,
        ]);
    });

    async function tagsOf(repositoryName: string, imageDigest: string): Promise<string[] | undefined> {
        const { imageDetails } = await clients.ecr.send(
            new DescribeImagesCommand({ repositoryName, imageIds: [{ imageDigest }] }),
        );
        return imageDetails?.[0]?.imageTags;
    }

    async function allParameters(): Promise<string[]> {
        const names: string[] = [];
        const pages = paginateGetParametersByPath({ client: clients.ssm }, { Path: "/", Recursive: true });
        for await (const { Parameters = [] } of pages) names.push(...Parameters.map((one) => one.Name ?? ""));
        return names;
    }

    /** Lists everything in the account that a stack could have created, sorted. */
    async function belongings(): Promise<string[]> {
        const [repositories, buckets, parameters, roles, projects, logGroups] = await Promise.all([
            clients.ecr.send(new DescribeRepositoriesCommand({})),
            clients.s3.send(new ListBucketsCommand({})),
            allParameters(),
            clients.iam.send(new ListRolesCommand({})),
            clients.codebuild.send(new ListProjectsCommand({})),
            clients.logs.send(new DescribeLogGroupsCommand({})),
        ]);
        return [
            ...(repositories.repositories ?? []).map((one) => `repository ${one.repositoryName}`),
            ...(buckets.Buckets ?? []).map((one) => `bucket ${one.Name}`),
            ...parameters.map((name) => `parameter ${name}`),
            ...(roles.Roles ?? []).map((one) => `role ${one.RoleName}`),
            ...(projects.projects ?? []).map((one) => `project ${one}`),
            ...(logGroups.logGroups ?? []).map((one) => `log group ${one.logGroupName}`),
        ].sort();
    }
});
