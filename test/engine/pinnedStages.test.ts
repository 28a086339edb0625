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
import { openPinned, pinnedBy, registryDigest, repositoryOf, stepsOf } from "../support/pinnedStack";

describe("a pinned stage of an update", function () {
    this.timeout(180_000);
    let engine: EngineWorld;

    before(async () => {
        engine = await engineWorld();
    });

    describe("of one application", () => {
        let stack: TestStack;
        let first: UpResult;
        let firstPinned: string;

        before(async () => {
            stack = await openPinned(engine, "pinned-up");
            // Other tests have stages with the same steps.
            await emptyBuilder(engine);
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
            const plain = await openPinned(engine, "pinned-not", {}, {});
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
                // The proof of the image.
                replace: 1,
                delete: 0,
                same: first.changes.create - 2,
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
            const settings = { repositoryName: "cached-image-pipeline-pinned-up", existingRepositories: true };
            const branch = await openPinned(engine, "pinned-branch", { ...settings, branch: "feature" });
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
            assert.equal(
                await registryDigest(engine, result, result.outputs.imageTag as string),
                result.outputs.imageDigest,
            );
        });
    });

    it("that is not there stops the update before anything is created", async () => {
        const stack = await openPinned(engine, "pinned-wrong", {}, { pinnedStages: ["nope"] });
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
        const pinned = await openPinned(engine, "pinned-tricky", {}, { ...image, pinnedStages: ["deps", "tools"] });
        await pinned.up();
        // WHEN the same is built without pinning, by a builder that still has the steps of the pinned stages
        const inline = await (await openPinned(engine, "pinned-tricky-inline", {}, image)).up();
        // THEN only what lies on top of them is new
        assert.deepEqual(stepsOf(inline), [2, 6]);
    });
});
