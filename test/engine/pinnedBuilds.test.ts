import assert from "node:assert/strict";
import { BatchDeleteImageCommand } from "@aws-sdk/client-ecr";
import type { UpResult } from "../../local/world/stack";
import {
    awsClients,
    emptyBuilder,
    engineWorld,
    type EngineWorld,
    type TestStack,
    writeContext,
} from "../support/engineWorld";
import {
    layerDigests,
    openPinned,
    pinnedBy,
    pinnedFiles,
    registryDigest,
    repositoryOf,
    stepsOf,
} from "../support/pinnedStack";
import { type RunOptions, runProject } from "./projectRun";

describe("a pinned stage of a CodeBuild build", function () {
    this.timeout(180_000);
    let engine: EngineWorld;

    before(async () => {
        engine = await engineWorld();
    });

    const build = (result: UpResult, options: RunOptions) =>
        runProject(engine, result.outputs as Record<string, string>, options);

    describe("of one application", () => {
        let stack: TestStack;
        let up: UpResult;

        before(async () => {
            stack = await openPinned(engine, "pinned-codebuild");
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
            assert.equal(await registryDigest(engine, result, tag!), (await pinnedBy(stack)).split("@")[1]);
        });

        it("keeps its caches when the image after it cannot be built: an update then runs none of its steps", async () => {
            const requirements = { "requirements.txt": "one==8\n" };
            const changed = {
                "pinned-codebuild/requirements.txt": requirements["requirements.txt"],
                "pinned-codebuild/Dockerfile": `${pinnedFiles.Dockerfile}RUN exit 7\n`,
            };
            const run = await build(up, { changed });
            assert.ok(!run.succeeded, run.log);
            assert.match(run.log, /exit code: 7/);
            // WHEN
            await writeContext("pinned-codebuild", requirements);
            await emptyBuilder(engine);
            const result = await stack.up();
            // THEN of five steps only the image's own is taken: its copy is linked to another stage
            assert.deepEqual(stepsOf(result), [1, 4]);
            const [, tag] = /its stage deps is (deps-\w+)/.exec(run.log)!;
            assert.equal(await registryDigest(engine, result, tag!), (await pinnedBy(stack)).split("@")[1]);
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
            assert.notEqual(await registryDigest(engine, up, tag!), undefined);
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

    describe("below an image of two copies, built from a new checkout whose files have new times", () => {
        let up: UpResult;
        let layers: string[];

        before(async () => {
            const context = await writeContext("pinned-copies", {
                ...pinnedFiles,
                Dockerfile: `${pinnedFiles.Dockerfile}COPY --link pages/ /pages/\n`,
                "pages/index.html": "<p>1</p>\n",
            });
            up = await (await openPinned(engine, "pinned-copies", {}, { context, pinnedStages: ["deps"] })).up();
            layers = await layerDigests(engine, up, (up.outputs as Record<string, string>).imageTag!);
        });

        const layersWith = async (changed: Record<string, string>) => {
            const run = await build(up, { changed });
            assert.ok(run.succeeded, run.log);
            return layerDigests(engine, up, run.exported.IMAGE_TAG!);
        };

        it("leaves both layers what they are when only the stage is another", async () => {
            const [pages, app, dependencies] = await layersWith({ "pinned-copies/requirements.txt": "one==2\n" });
            assert.deepEqual([pages, app], layers.slice(0, 2));
            assert.notEqual(dependencies, layers[2]);
        });

        it("leaves the layer of the copy that did not change what it is", async () => {
            const [pages, app, ...stage] = await layersWith({ "pinned-copies/app/main.py": "print(2)\n" });
            assert.deepEqual([pages, ...stage], [layers[0], ...layers.slice(2)]);
            assert.notEqual(app, layers[1]);
        });
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
        const up = await (await openPinned(engine, "pinned-platforms", {}, image)).up();
        const run = await build(up, { changed: { "pinned-platforms/code": "2" } });
        assert.ok(run.succeeded, run.log);
        assert.doesNotMatch(run.log, /Building stage deps of/);
        assert.equal(run.metrics.StepsRun, 2 * 3, run.log);
    });
});
