import assert from "node:assert/strict";
import type { RegistryFault } from "../../local/aws/gateway/registry/registryFaults";
import { emptyBuilder, engineWorld, type EngineWorld, TestStack, writeContext } from "../support/engineWorld";
import { duringTrouble, type Trouble } from "../support/registryFaults";
import { faultyFiles, faultyImage, uncachedDigest } from "./faultyImage";
import { type Run, runProject } from "./projectRun";

const repository = "cached-image-pipeline-faults";
const fault = (
    kind: RegistryFault["kind"],
    methods: RegistryFault["methods"],
    answer: RegistryFault["answer"],
    extra: Partial<RegistryFault> = {},
): RegistryFault => ({ repository, kind, methods, answer, ...extra });

const answers = [429, 500, "reset"] as const;
const cache = { reference: "cache-" };
const image = { reference: "src-" };
const base = { repository: "base/busybox" };
const once = { times: 1 };

/** Trouble of the registry while an image is built, with the outcome of the build. */
interface Case extends Trouble {
    what: string;
    /** Pattern of a failed build's message. @default - the build succeeds */
    says?: RegExp;
}

const cases: Case[] = [
    {
        what: "a slow line",
        limits: { latencyMilliseconds: 50, streamBytesPerSecondDown: 1_000_000, streamBytesPerSecondUp: 100_000 },
    },
    ...answers.map((answer) => ({
        what: `${answer} for the cache's manifest`,
        faults: [fault("manifest", ["GET", "HEAD"], answer, cache)],
    })),
    ...([404, 500, "truncate"] as const).map((answer) => ({
        what: `${answer} for what the cache consists of`,
        faults: [fault("blob", ["GET"], answer)],
    })),
    { what: "reset once for a base image's layers", faults: [fault("blob", ["GET"], "reset", { ...base, ...once })] },
    {
        what: "500 for a base image",
        faults: [fault("manifest", ["GET", "HEAD"], 500, base)],
        says: /failed to resolve source metadata for \S+\/base\/busybox:1\.37-musl: .*: 500 Internal Server Error/,
    },
    ...answers.map((answer) => ({
        what: `${answer} once for a layer that is pushed`,
        faults: [fault("upload", ["PUT"], answer, once)],
    })),
    {
        what: "429 for all layers that are pushed",
        faults: [fault("upload", ["POST"], 429)],
        says: /failed to push \S+:src-[0-9a-f]{40}: .*toomanyrequests: Rate exceeded/,
    },
    {
        what: "500 for the image's manifest",
        faults: [fault("manifest", ["PUT"], 500, image)],
        says: /failed to push \S+:src-[0-9a-f]{40}: .*The registry failed\./,
    },
    ...answers.map((answer) => ({
        what: `${answer} for the cache that is written`,
        faults: [fault("manifest", ["PUT"], answer, cache)],
    })),
];

describe("with a registry in trouble", function () {
    this.timeout(120_000);
    let engine: EngineWorld;
    let stack: TestStack;
    let outputs: Record<string, string>;

    before(async () => {
        engine = await engineWorld();
        const context = await writeContext("faults", faultyFiles("first"));
        stack = await TestStack.open(engine, "faults", { images: [faultyImage(context)] });
        outputs = (await stack.up()).outputs as Record<string, string>;
    });

    for (const { what, says, ...trouble } of cases) {
        const outcome = says === undefined ? "builds the right image" : "says what fails";

        it(`\`pulumi up\` ${outcome}: ${what}`, async () => {
            // GIVEN a changed file, and an empty builder
            await writeContext("faults", { file: `up, ${what}` });
            await emptyBuilder(engine);
            // WHEN
            const { result, met } = await duringTrouble(engine, trouble, () =>
                stack.up().catch((error: Error) => error),
            );
            // THEN
            assert.ok(met > 0 || trouble.faults === undefined, "no request met the fault");
            if (says !== undefined) {
                assert.ok(result instanceof Error);
                const [sentence, ...more] = result.message.split("\n");
                assert.match(sentence!, says);
                assert.deepEqual(more, []);
                return;
            }
            if (result instanceof Error) throw result;
            assert.equal(result.images[0]!.digest, await uncachedDigest(engine, "faults"));
        });

        it(`the buildspec ${outcome}: ${what}`, async () => {
            const changed = { "faults/file": `CodeBuild, ${what}` };
            const run = () => runProject(engine, outputs, { changed });
            const { result, met } = await duringTrouble(engine, trouble, run);
            assert.ok(met > 0 || trouble.faults === undefined, "no request met the fault");
            await assertRun(result, changed["faults/file"], says);
        });
    }

    async function assertRun({ succeeded, log, exported }: Run, content: string, says?: RegExp): Promise<void> {
        assert.equal(succeeded, says === undefined, log);
        if (says !== undefined) {
            assert.match(log, says);
            assert.equal(exported.IMAGE_URI, undefined);
            return;
        }
        await writeContext("faults", { file: content });
        assert.equal(exported.IMAGE_DIGEST, await uncachedDigest(engine, "faults"), log);
    }

    it("two builds that write one cache leave one that serves the next", async () => {
        // GIVEN two builds of different sources at the same time
        await writeContext("faults", { file: "one" });
        const [up, run] = await Promise.all([
            stack.up(),
            runProject(engine, outputs, { changed: { "faults/file": "other" } }),
        ]);
        assert.equal(up.images[0]!.digest, await uncachedDigest(engine, "faults"));
        await assertRun(run, "other");
        // WHEN the next one begins with an empty builder
        await writeContext("faults", { file: "next" });
        await emptyBuilder(engine);
        const next = await stack.up();
        // THEN it has the steps of whichever came last
        assert.equal(next.images[0]!.stepsRun, 3);
        assert.equal(next.images[0]!.digest, await uncachedDigest(engine, "faults"));
    });
});
