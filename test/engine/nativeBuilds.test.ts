import assert from "node:assert/strict";
import { BatchGetImageCommand, DescribeImagesCommand } from "@aws-sdk/client-ecr";
import { awsClients, engineWorld, type EngineWorld, TestStack, writeContext } from "../support/engineWorld";
import { runProjectBatch } from "./batchRun";

const platforms = ["linux/amd64", "linux/arm64"];

/** Makes the files of an image that differs by platform, and of one for a single platform. */
const files = (content: string) => ({
    pair: { Dockerfile: "FROM scratch\nARG TARGETARCH\nCOPY $TARGETARCH /file\n", amd64: content, arm64: content },
    single: { Dockerfile: "FROM scratch\nCOPY file /file\n", file: content },
});

describe("native builds, as a batch", function () {
    this.timeout(180_000);
    let engine: EngineWorld;
    let outputs: Record<string, string>;

    before(async () => {
        engine = await engineWorld();
        const { pair, single } = files("1");
        const images = [
            { name: "pair", context: await writeContext("native-pair", pair), platforms },
            { name: "single", context: await writeContext("native-single", single) },
        ];
        const stack = await TestStack.open(engine, "native", { images, nativeBuilds: true });
        outputs = (await stack.up()).outputs as Record<string, string>;
    });

    const batch = (changed: Record<string, string>) => runProjectBatch(engine, outputs, changed);

    it("adopts what `pulumi up` built: no task starts a builder", async () => {
        const tasks = await batch({});
        assert.deepEqual(
            tasks.map(({ identifier, status, builderStarted }) => [identifier, status, builderStarted]),
            [
                ["amd64", "SUCCEEDED", false],
                ["arm64", "SUCCEEDED", false],
                ["join", "SUCCEEDED", false],
            ],
            tasks.map(({ log }) => log).join("\n"),
        );
    });

    it("builds a change on a host for each platform, and joins what they pushed", async () => {
        // WHEN
        const changed = { "native-pair/amd64": "2", "native-pair/arm64": "2", "native-single/file": "2" };
        const tasks = await batch(changed);
        // THEN each task did its part
        assert.deepEqual(
            tasks.map(({ identifier, status, builderStarted, ImagesBuilt }) => [
                identifier,
                status,
                builderStarted,
                ImagesBuilt,
            ]),
            [
                ["amd64", "SUCCEEDED", true, 2],
                ["arm64", "SUCCEEDED", true, 1],
                ["join", "SUCCEEDED", false, 0],
            ],
            tasks.map(({ log }) => log).join("\n"),
        );
        // AND the image is an index of both platforms, the first one that has the tag of this content
        const [, tag] = /pair is (src-\w+)/.exec(tasks[2]!.log) ?? [];
        const repositoryName = outputs.repositoryUrl!.slice(outputs.repositoryUrl!.indexOf("/") + 1);
        const { ecr } = awsClients(engine);
        const imageIds = [{ imageTag: tag }];
        const { images = [] } = await ecr.send(new BatchGetImageCommand({ repositoryName, imageIds }));
        const { manifests } = JSON.parse(images[0]!.imageManifest!) as {
            manifests: { digest: string; platform: { os: string; architecture: string } }[];
        };
        assert.deepEqual(
            manifests.map(({ platform }) => `${platform.os}/${platform.architecture}`),
            platforms,
        );
        const parts = new DescribeImagesCommand({
            repositoryName,
            imageIds: ["amd64", "arm64"].map((architecture) => ({ imageTag: `${tag}-${architecture}` })),
        });
        assert.deepEqual(
            ((await ecr.send(parts)).imageDetails ?? []).map(({ imageDigest }) => imageDigest),
            manifests.map(({ digest }) => digest),
        );
    });
});
