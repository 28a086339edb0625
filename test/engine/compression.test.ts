import assert from "node:assert/strict";
import { BatchGetImageCommand } from "@aws-sdk/client-ecr";
import {
    awsClients,
    dependencyBytes,
    emptyBuilder,
    engineWorld,
    type EngineWorld,
    layeredFiles,
    TestStack,
    writeContext,
} from "../support/engineWorld";
import { runProject } from "./projectRun";

/** Compressions of the base image's four layers. */
const base = ["gzip", "gzip", "gzip", "gzip"];

describe("the compression of an image", function () {
    this.timeout(180_000);
    let engine: EngineWorld;
    let stack: TestStack;
    let context: string;

    before(async () => {
        engine = await engineWorld();
        context = await writeContext("compressed", layeredFiles("print(1)\n"));
        await emptyBuilder(engine);
        stack = await open();
    });

    const open = (image: object = {}) =>
        TestStack.open(engine, "compressed", { images: [{ name: "app", context, ...image }] });

    /** Lists the compressions of a tag's layers, in their order. */
    async function layersOf(imageTag: unknown): Promise<string[]> {
        const { images } = await awsClients(engine).ecr.send(
            new BatchGetImageCommand({
                repositoryName: "cached-image-pipeline-compressed",
                imageIds: [{ imageTag: imageTag as string }],
            }),
        );
        const { layers } = JSON.parse(images![0]!.imageManifest!) as { layers: { mediaType: string }[] };
        return layers.map(
            ({ mediaType }) => /^application\/vnd\.oci\.image\.layer\.v1\.tar\+(\w+)$/.exec(mediaType)![1]!,
        );
    }

    it("is zstd for the layers that are built, in image and cache; those of the base stay what they are", async () => {
        const { outputs, changes } = await stack.up();
        assert.deepEqual(await layersOf(outputs.imageTag), [...base, "zstd", "zstd", "zstd"]);
        const cached = await layersOf("cache-main-amd64");
        assert.deepEqual([...new Set(cached)].sort(), ["gzip", "zstd"]);
        // AND there is nothing left to do
        assert.deepEqual(await stack.preview(), { same: changes.create });
    });

    it("is gzip for all layers where that is asked for, although builder and cache have them by zstd", async () => {
        const { imageTag } = (await stack.up()).outputs;
        // WHEN
        stack = await open({ compression: "gzip" });
        const { outputs, images } = await stack.up();
        // THEN it is another image, of the same steps
        assert.notEqual(outputs.imageTag, imageTag);
        assert.equal(images[0]!.stepsRun, 0);
        assert.deepEqual(await layersOf(outputs.imageTag), [...base, "gzip", "gzip", "gzip"]);
        assert.deepEqual([...new Set(await layersOf("cache-main-amd64"))], ["gzip"]);
    });

    it("reads no layer to be sure of that, and CodeBuild has the same", async () => {
        // WHEN CodeBuild builds a change, on a host without any layer
        const changed = { "app/main.py": "print(2)\n" };
        const { succeeded, log, exported, bytes } = await runProject(
            engine,
            (await stack.up()).outputs as Record<string, string>,
            { changed: { "compressed/app/main.py": changed["app/main.py"] } },
        );
        // THEN
        assert.ok(succeeded, log);
        assert.deepEqual(await layersOf(exported.IMAGE_TAG), [...base, "gzip", "gzip", "gzip"]);
        assert.ok(bytes.down < dependencyBytes / 10, `${bytes.down} bytes were read`);
        // AND an update takes it over
        await writeContext("compressed", changed);
        await emptyBuilder(engine);
        const { outputs, images } = await stack.up();
        assert.equal(outputs.imageDigest, exported.IMAGE_DIGEST);
        assert.equal(images[0]!.stepsRun, 0);
        assert.ok(
            images[0]!.registryBytesDown < dependencyBytes / 10,
            `${images[0]!.registryBytesDown} bytes were read`,
        );
    });
});
