import assert from "node:assert/strict";
import { BatchDeleteImageCommand, BatchGetImageCommand } from "@aws-sdk/client-ecr";
import type { UpResult } from "../../local/stack";
import {
    awsClients,
    dependencyBytes,
    emptyBuilder,
    engineWorld,
    type EngineWorld,
    TestStack,
    writeContext,
} from "../support/engineWorld";
import { type RunOptions, runProject } from "./projectRun";

/** An application whose dependencies are made anew, and differ, whenever their steps run. */
const files = {
    Dockerfile: [
        "ARG BASE_REGISTRY",
        "FROM ${BASE_REGISTRY}/busybox:1.37-musl AS deps",
        "ENV PLACE=/dependencies",
        "WORKDIR /app",
        "RUN echo tools > /tools",
        "COPY requirements.txt /requirements.txt",
        `RUN head -c ${dependencyBytes} /dev/urandom > $PLACE`,
        "FROM deps",
        "COPY --link app/ /app/",
        "",
    ].join("\n"),
    ".dockerignore": "Dockerfile\n",
    "requirements.txt": "one==1\n",
    "app/main.py": "print(1)\n",
};

describe("a pinned stage", function () {
    this.timeout(180_000);
    let engine: EngineWorld;

    before(async () => {
        engine = await engineWorld();
    });

    /** A stack of one image with the pinned stage `deps`. */
    async function open(name: string, settings: object = {}, image: object = { pinnedStages: ["deps"] }) {
        const context = "context" in image ? image.context : await writeContext(name, files);
        return TestStack.open(engine, name, { images: [{ name: "app", ...image, context }], ...settings });
    }

    /** What takes the place of the stage, as the state has it: `docker-image://repository@digest`. */
    async function pinnedBy(stack: TestStack): Promise<string> {
        const { text } = await stack.state();
        return /"docker-image:\/\/[^"]+"/.exec(text)![0].slice(1, -1);
    }

    const stepsOf = ({ images: [image] }: UpResult) => [image!.stepsRun, image!.stepsCached];
    const outputsOf = ({ outputs }: UpResult) => outputs as Record<string, string>;
    const build = (result: UpResult, options: RunOptions) => runProject(engine, outputsOf(result), options);
    const repositoryOf = (result: UpResult) => outputsOf(result).repositoryUrl!.split("/").slice(1).join("/");

    /** Digest of a tag, as the registry has it. */
    async function registryDigest(result: UpResult, tag: string): Promise<string | undefined> {
        const command = new BatchGetImageCommand({
            repositoryName: repositoryOf(result),
            imageIds: [{ imageTag: tag }],
        });
        return (await awsClients(engine).ecr.send(command)).images?.[0]?.imageId?.imageDigest;
    }

    describe("of an update", () => {
        let stack: TestStack;
        let first: UpResult;
        let firstPinned: string;

        before(async () => {
            stack = await open("pinned-up");
        });

        it("is built once, pushed, and what the image starts from, with its settings", async () => {
            assert.deepEqual(Object.keys(await stack.preview()), ["create"]);
            first = await stack.up();
            assert.deepEqual(stepsOf(first), [5, 0]);
            firstPinned = await pinnedBy(stack);
            assert.match(firstPinned, /^docker-image:\/\/.+\/cached-image-pipeline-pinned-up@sha256:[0-9a-f]{64}$/);
            assert.deepEqual((await stack.up()).changes, {
                create: 0,
                update: 0,
                replace: 0,
                delete: 0,
                same: first.changes.create,
            });
        });

        it("is neither built, read nor written after a code change on an empty builder", async () => {
            // GIVEN the same without pinning
            const plain = await open("pinned-not", {}, {});
            const inline = await plain.up();
            // The stage's steps are the same as when it is pinned, and the builder still has them.
            assert.deepEqual(stepsOf(inline), [1, 4]);
            const change = { "app/main.py": "print(2)\n" };
            await writeContext("pinned-not", change);
            await emptyBuilder(engine);
            const control = await plain.up();
            // WHEN
            await writeContext("pinned-up", change);
            await emptyBuilder(engine);
            const result = await stack.up();
            // THEN
            for (const [what, { images }] of Object.entries({ "without pinning": control, pinned: result })) {
                const { registryBytesDown, registryBytesUp } = images[0]!;
                console.log(`        ${what}: ${registryBytesDown} bytes read, ${registryBytesUp} written`);
            }
            assert.deepEqual(result.changes, {
                create: 0,
                update: 1,
                replace: 0,
                delete: 0,
                same: first.changes.create - 1,
            });
            assert.deepEqual(stepsOf(result), [1, 0]);
            assert.ok(result.images[0]!.registryBytesDown < control.images[0]!.registryBytesDown);
            assert.ok(result.images[0]!.registryBytesUp < control.images[0]!.registryBytesUp);
        });

        it("is built after a change of the dependencies, from what did not change", async () => {
            await writeContext("pinned-up", { "requirements.txt": "one==2\n" });
            await emptyBuilder(engine);
            const result = await stack.up();
            assert.deepEqual(stepsOf(result), [3, 2]);
            assert.notEqual(await pinnedBy(stack), firstPinned);
        });

        it("comes back with a revert: the same image, no step of it run", async () => {
            await writeContext("pinned-up", { "requirements.txt": "one==1\n" });
            await emptyBuilder(engine);
            const result = await stack.up();
            assert.deepEqual(stepsOf(result), [1, 4]);
            assert.equal(await pinnedBy(stack), firstPinned);
        });

        it("is shared by another branch", async () => {
            const settings = { repositoryName: "cached-image-pipeline-pinned-up", createRepository: false };
            const branch = await open("pinned-branch", { ...settings, branch: "feature" });
            await emptyBuilder(engine);
            assert.deepEqual(stepsOf(await branch.up()), [1, 4]);
            assert.equal(await pinnedBy(branch), firstPinned);
        });

        it("is built again when it was deleted, after a refresh", async () => {
            const { ecr } = awsClients(engine);
            const imageIds = [{ imageDigest: firstPinned.split("@")[1]! }];
            await ecr.send(new BatchDeleteImageCommand({ repositoryName: repositoryOf(first), imageIds }));
            await writeContext("pinned-up", { "app/main.py": "print(5)\n" });
            await emptyBuilder(engine);
            await assert.rejects(stack.up(), /not found/);
            await stack.refresh();
            const result = await stack.up();
            assert.equal(await registryDigest(result, result.outputs.imageTag as string), result.outputs.imageDigest);
        });
    });

    describe("of a CodeBuild build", () => {
        let stack: TestStack;
        let up: UpResult;

        before(async () => {
            stack = await open("pinned-codebuild");
            up = await stack.up();
        });

        it("is the one that an update pushed", async () => {
            const { succeeded, log, metrics, bytes } = await build(up, {
                changed: { "pinned-codebuild/app/main.py": "print(2)\n" },
            });
            assert.ok(succeeded, log);
            assert.doesNotMatch(log, /Building stage deps of/);
            assert.deepEqual([metrics.StepsRun, metrics.StepsCached], [1, 0], log);
            assert.ok(bytes.down < 100_000, `${bytes.down} bytes were read`);
        });

        it("is built when it is missing; an update then takes over both images as they are", async () => {
            const changed = { "requirements.txt": "one==2\n", "app/main.py": "print(3)\n" };
            const inSource = Object.entries(changed).map(([file, text]) => [`pinned-codebuild/${file}`, text]);
            const run = await build(up, { changed: Object.fromEntries(inSource) as Record<string, string> });
            assert.ok(run.succeeded, run.log);
            assert.match(run.log, /Building stage deps of app for amd64/);
            assert.deepEqual([run.metrics.StepsRun, run.metrics.StepsCached], [3, 2], run.log);
            // WHEN
            await writeContext("pinned-codebuild", changed);
            await emptyBuilder(engine);
            const result = await stack.up();
            // THEN
            assert.equal(result.outputs.imageDigest, run.exported.IMAGE_DIGEST);
            assert.equal(stepsOf(result)[0], 0);
            const [, tag] = /its stage deps is (deps-\w+)/.exec(run.log)!;
            assert.equal(await registryDigest(result, tag!), (await pinnedBy(stack)).split("@")[1]);
        });

        it("may be built twice at the same time", async () => {
            const changed = { "pinned-codebuild/requirements.txt": "one==3\n" };
            const runs = await Promise.all([build(up, { changed }), build(up, { changed })]);
            for (const { succeeded, log } of runs) assert.ok(succeeded, log);
        });

        it("is built again when its tag was deleted", async () => {
            const changed = { "pinned-codebuild/requirements.txt": "one==4\n" };
            const before = await build(up, { changed });
            assert.ok(before.succeeded, before.log);
            const [, tag] = /its stage deps is (deps-\w+)/.exec(before.log)!;
            const command = new BatchDeleteImageCommand({
                repositoryName: repositoryOf(up),
                imageIds: [{ imageTag: tag }],
            });
            await awsClients(engine).ecr.send(command);
            const after = await build(up, { changed: { ...changed, "pinned-codebuild/app/main.py": "print(4)\n" } });
            assert.ok(after.succeeded, after.log);
            assert.match(after.log, /Building stage deps of/);
            assert.notEqual(await registryDigest(up, tag!), undefined);
        });

        it("is used by a pull request, which makes one that is missing itself and pushes nothing", async () => {
            const webhook = { event: "pull_request", head: "feature", base: "main" } as const;
            const change = { "pinned-codebuild/app/main.py": "print(6)\n" };
            const present = await build(up, { webhook, changed: change });
            assert.ok(present.succeeded, present.log);
            assert.deepEqual([present.metrics.StepsRun, present.bytes.up], [1, 0], present.log);
            const changed = { ...change, "pinned-codebuild/requirements.txt": "one==7\n" };
            const missing = await build(up, { webhook, changed });
            assert.ok(missing.succeeded, missing.log);
            assert.deepEqual([missing.metrics.StepsRun, missing.metrics.StepsCached], [3, 2], missing.log);
            assert.equal(missing.bytes.up, 0);
        });
    });

    it("that is not there stops the update before anything is created", async () => {
        const stack = await open("pinned-wrong", {}, { pinnedStages: ["nope"] });
        await assert.rejects(stack.up(), /Dockerfile: it has no stage "nope"; there are deps, 1\./);
        const types = (await stack.state()).resources.map(({ type }) => type);
        assert.equal(types.includes("docker-build:index:Image"), false);
    });

    it("is made by the steps of the image's own build, however it is written", async () => {
        const tricky = {
            Dockerfile: [
                "# escape=`",
                "ARG BASE_REGISTRY",
                "ARG TAG=1.37",
                "ARG FULL=busybox:${TAG}-musl",
                "FROM ${BASE_REGISTRY}/busybox:1.37-musl AS other",
                "COPY code /",
                "FROM ${BASE_REGISTRY}/${FULL} AS Tools",
                'COPY ["tools/", "/tools/"]',
                "FROM tools",
                "COPY code /",
                "FROM ${BASE_REGISTRY}/busybox:1.37-musl AS deps",
                "ARG EXTRAS=none",
                "WORKDIR /deps",
                "COPY lock*.txt ./",
                "COPY <<E text",
                "written $EXTRAS",
                "E",
                "RUN --mount=type=bind,target=/lock,source=lock.txt `",
                "    # why",
                "    --mount=type=cache,target=/cache,from=tools,source=/tools `",
                "    head -c 100 /dev/urandom > random && cat /lock /cache/a `",
                "    > copy",
                "RUN <<E",
                "FROM=none",
                "cat copy > again",
                "E",
                "FROM deps",
                "ARG EXTRAS=none",
                "COPY --from=tools /tools /tools",
                "COPY --link code /",
                "",
            ].join("\n"),
            "tools/a": "1",
            "tools/b.log": "1",
            "lock.txt": "1",
            "lock-more.txt": "1",
            code: "1",
            ".dockerignore": "**/*.log\n",
        };
        const image = { context: await writeContext("pinned-tricky", tricky), buildArgs: { EXTRAS: "all" } };
        const pinned = await open("pinned-tricky", {}, { ...image, pinnedStages: ["deps", "tools"] });
        await pinned.up();
        // WHEN the same is built without pinning, by a builder that still has the steps of the pinned stages
        const inline = await (await open("pinned-tricky-inline", {}, image)).up();
        // THEN only what lies on top of them is new
        assert.deepEqual(stepsOf(inline), [2, 6]);
    });

    it("of several platforms may be made on the host's own, and is found for each", async () => {
        const crossed = {
            Dockerfile: [
                "ARG BASE_REGISTRY",
                "FROM --platform=$BUILDPLATFORM ${BASE_REGISTRY}/busybox:1.37-musl AS deps",
                "ARG TARGETARCH",
                "RUN echo $TARGETARCH > /architecture",
                "FROM deps AS build",
                "ARG TARGETARCH",
                "COPY code /",
                'RUN test "$(cat /architecture)" = "$TARGETARCH"',
                "FROM scratch",
                "COPY --from=build /architecture /code /",
                "",
            ].join("\n"),
            code: "1",
        };
        const context = await writeContext("pinned-platforms", crossed);
        const image = { context, platforms: ["linux/amd64", "linux/arm64"], pinnedStages: ["deps"] };
        const up = await (await open("pinned-platforms", {}, image)).up();
        const run = await build(up, { changed: { "pinned-platforms/code": "2" } });
        assert.ok(run.succeeded, run.log);
        assert.doesNotMatch(run.log, /Building stage deps of/);
        assert.equal(run.metrics.StepsRun, 2 * 3, run.log);
    });
});
