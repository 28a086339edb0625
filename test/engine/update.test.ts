import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { BatchDeleteImageCommand, BatchGetImageCommand } from "@aws-sdk/client-ecr";
import { GetParameterCommand, PutParameterCommand } from "@aws-sdk/client-ssm";
import { projectRoot, worldDirectory } from "../../local/paths";
import {
    awsClients,
    dependencyBytes,
    emptyBuilder,
    engineWorld,
    type EngineWorld,
    layeredFiles,
    singleFile,
    TestStack,
    writeContext,
} from "../support/engineWorld";

const none = { create: 0, update: 0, replace: 0, delete: 0, same: 0 };

/**
 * Number of the program's resources with one image: the stack, its components and their children. The certificates that builds trust are
 * one of them on machines that have any (local/world/stack/localStack.ts).
 */
const programSize = existsSync("/etc/ssl/certs/ca-certificates.crt") ? 27 : 26;

describe("an update of the stack", function () {
    this.timeout(120_000);
    let engine: EngineWorld;
    let clients: ReturnType<typeof awsClients>;

    before(async () => {
        engine = await engineWorld();
        clients = awsClients(engine);
    });

    async function registryDigest(repositoryName: string, imageTag: string): Promise<string | undefined> {
        const { images } = await clients.ecr.send(
            new BatchGetImageCommand({ repositoryName, imageIds: [{ imageTag }] }),
        );
        return images?.[0]?.imageId?.imageDigest;
    }

    describe("of one image", () => {
        let stack: TestStack;
        let context: string;

        before(async () => {
            context = await writeContext("one", layeredFiles("print(1)\n"));
            await emptyBuilder(engine);
            stack = await TestStack.open(engine, "one", { images: [{ name: "app", context }] });
        });

        it("is previewed without a single write to AWS or the registry", async () => {
            // GIVEN what the gateway has seen so far
            const before = await writes();
            // WHEN the new stack is previewed
            const changes = await stack.preview();
            // THEN everything would be created, and nothing was
            assert.deepEqual(changes, { create: programSize });
            assert.deepEqual((await writes()).slice(before.length), []);
        });

        it("creates everything, and names the digest that the registry serves", async () => {
            const { changes, outputs, images } = await stack.up();
            assert.deepEqual(changes, { ...none, create: programSize });
            assert.equal(outputs.imageUri, `${String(outputs.repositoryUrl)}@${String(outputs.imageDigest)}`);
            assert.equal(
                await registryDigest("cached-image-pipeline-one", outputs.imageTag as string),
                outputs.imageDigest,
            );
            assert.equal(images[0]!.stepsRun, 5);
        });

        it("shows no change at all when nothing was changed", async () => {
            const { changes, images } = await stack.up();
            assert.deepEqual(changes, { ...none, same: programSize });
            const [{ stepsRun, stepsCached, registryBytesDown, registryBytesUp }] = images as [(typeof images)[0]];
            assert.deepEqual([stepsRun, stepsCached, registryBytesDown, registryBytesUp], [0, 0, 0, 0]);
        });

        it("changes only the image after a code change, and pulls no cached layer onto an empty builder", async () => {
            // GIVEN a changed line of code and a builder that knows nothing
            await writeContext("one", { "app/main.py": "print(2)\n" });
            await emptyBuilder(engine);
            // WHEN the stack is updated
            const { changes, images, outputs } = await stack.up();
            // THEN only the image and its proof differ, the dependencies come from the cache, and they are not even read
            assert.deepEqual(changes, { ...none, update: 1, replace: 1, same: programSize - 2 });
            const [image] = images as [(typeof images)[0]];
            assert.deepEqual([image.stepsCached, image.stepsRun], [4, 1]);
            assert.ok(image.registryBytesDown < 2_000_000, `read ${image.registryBytesDown} bytes`);
            assert.ok(image.registryBytesUp < dependencyBytes / 10, `wrote ${image.registryBytesUp} bytes`);
            assert.equal(
                await registryDigest("cached-image-pipeline-one", outputs.imageTag as string),
                outputs.imageDigest,
            );
        });

        it("leaves the released image to the deploys", async () => {
            // GIVEN a deploy that released something
            const Name = "/cached-image-pipeline/one/config/image-tag";
            await clients.ssm.send(new PutParameterCommand({ Name, Value: "released", Overwrite: true }));
            // WHEN an update changes the image, also after a refresh
            await writeContext("one", { "app/main.py": "print(3)\n" });
            await stack.stack.refresh({ suppressProgress: true });
            await stack.up();
            // THEN the parameter still says what the deploy wrote
            const { Parameter } = await clients.ssm.send(new GetParameterCommand({ Name }));
            assert.equal(Parameter?.Value, "released");
        });

        it("reverts a change, also when the cache was lost in between", async () => {
            // GIVEN the images of A and B
            await writeContext("one", { "app/main.py": "print('A')\n" });
            const a = await stack.up();
            await writeContext("one", { "app/main.py": "print('B')\n" });
            await stack.up();
            // AND a cache that is gone, from the registry and from the builder
            await clients.ecr.send(
                new BatchDeleteImageCommand({
                    repositoryName: "cached-image-pipeline-one",
                    imageIds: [{ imageTag: "cache-main-amd64" }],
                }),
            );
            await emptyBuilder(engine);
            // WHEN the change is reverted
            await writeContext("one", { "app/main.py": "print('A')\n" });
            const again = await stack.up();
            // THEN the tag is the one of A again and the image was built anew
            assert.equal(again.outputs.imageTag, a.outputs.imageTag);
            assert.deepEqual([again.images[0]!.stepsCached, again.images[0]!.stepsRun], [0, 5]);
            assert.equal(
                await registryDigest("cached-image-pipeline-one", a.outputs.imageTag as string),
                again.outputs.imageDigest,
            );
        });
    });

    it("ignores files that are not part of the context", async () => {
        const context = await writeContext("docs", { ...singleFile("1"), ".dockerignore": "docs\n.dockerignore\n" });
        const stack = await TestStack.open(engine, "docs", { images: [{ name: "app", context }] });
        await stack.up();
        // WHEN documentation changes, inside the folder but ignored, and beside it
        await writeContext("docs", { "docs/guide.md": "new" });
        await fs.writeFile(path.join(projectRoot, context, "..", "notes.md"), "new");
        // THEN nothing changes
        assert.deepEqual((await stack.up()).changes, { ...none, same: programSize });
    });

    it("builds several images, each in a repository of its own", async () => {
        const api = await writeContext("api", singleFile("api"));
        const worker = await writeContext("worker", singleFile("worker"));
        const images = [
            { name: "api", context: api },
            { name: "worker", context: worker },
        ];
        const stack = await TestStack.open(engine, "many", { images });
        const { outputs, images: built } = await stack.up();
        assert.deepEqual(
            built.map((image) => image.name),
            ["api", "worker"],
        );
        for (const { name, digest, tag, registryBytesUp } of built) {
            assert.equal(
                await registryDigest(
                    name === "api" ? "cached-image-pipeline-many" : "cached-image-pipeline-many/worker",
                    tag,
                ),
                digest,
            );
            assert.ok(registryBytesUp > 0);
        }
        assert.equal((outputs.images as Record<string, { imageDigest: string }>).worker?.imageDigest, built[1]!.digest);
    });

    it("joins several platforms in an index", async () => {
        const context = await writeContext("platforms", singleFile("1"));
        const images = [{ name: "app", context, platforms: ["linux/amd64", "linux/arm64"] }];
        const stack = await TestStack.open(engine, "platforms", { images });
        const { outputs } = await stack.up();
        const { images: found } = await clients.ecr.send(
            new BatchGetImageCommand({
                repositoryName: "cached-image-pipeline-platforms",
                imageIds: [{ imageTag: outputs.imageTag as string }],
            }),
        );
        const index = JSON.parse(found?.[0]?.imageManifest ?? "{}") as { manifests: { platform: object }[] };
        assert.deepEqual(
            index.manifests.map((manifest) => manifest.platform),
            [
                { architecture: "amd64", os: "linux" },
                { architecture: "arm64", os: "linux" },
            ],
        );
        assert.equal(found?.[0]?.imageId?.imageDigest, outputs.imageDigest);
        assert.deepEqual((await stack.up()).changes.same, programSize + 4);
    });

    it("takes a promoted digest without an Image in the graph", async () => {
        // GIVEN an image that another stack built
        const context = await writeContext("promoted", singleFile("1"));
        const dev = await TestStack.open(engine, "giver", { images: [{ name: "app", context }] });
        const { outputs } = await dev.up();
        // WHEN a stack receives it from the same repository
        const prod = await TestStack.open(engine, "receiver", {
            image: { source: "digest" },
            imageDigest: outputs.imageDigest,
            repositoryName: "cached-image-pipeline-giver",
            existingRepositories: true,
        });
        const received = await prod.up();
        // THEN it names the same image, and neither declares nor builds one
        assert.equal(received.outputs.imageUri, outputs.imageUri);
        const types = (await prod.state()).resources.map((resource) => resource.type);
        assert.equal(types.includes("docker-build:index:Image"), false);
        assert.equal(types.includes("aws:ecr/repository:Repository"), false);
    });

    it("stops before anything is created when the configuration is wrong", async () => {
        const stack = await TestStack.open(engine, "wrong", {
            maxBuildCount: -3,
            images: [{ name: "app", context: "app" }],
        });
        await assert.rejects(stack.up(), /cached-image-pipeline:maxBuildCount is -3; allowed: 1 to 10000/);
        assert.deepEqual(
            (await stack.state()).resources
                .map((resource) => resource.type)
                .filter((type) => type !== "pulumi:pulumi:Stack"),
            [],
        );
    });

    /** Lists the writes to AWS or the registry so far: `action resource`. */
    async function writes(): Promise<string[]> {
        const log = await fs.readFile(path.join(worldDirectory(), "data/gateway/access.log"), "utf8");
        return log
            .trim()
            .split("\n")
            .map((line) => JSON.parse(line) as { action: string | null; resource: string })
            .filter(({ action }) => !/:(Get|Describe|List|Batch(Get|Check)|Head)/.test(action ?? ":Get"))
            .map(({ action, resource }) => `${action} ${resource}`);
    }
});
