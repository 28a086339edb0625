import assert from "node:assert/strict";
import * as path from "node:path";
import { BatchGetImageCommand } from "@aws-sdk/client-ecr";
import * as aws from "@pulumi/aws";
import { AppImage } from "../../infra/image/appImage";
import type { BuildPolicy } from "../../infra/plan/imageSpec";
import { ImageRepository } from "../../infra/image/imageRepository";
import { firstImageTag, keepFirstImage } from "../../infra/release/firstImage";
import { projectRoot } from "../../local/paths";
import { inProgramDirectory } from "../../local/world/stack";
import { awsClients, engineWorld, type EngineWorld, singleFile, TestStack, writeContext } from "../support/engineWorld";

const uncached: BuildPolicy = { baseRegistry: "none", branch: "main", defaultBranch: "main", cacheMode: "off" };

describe("the image that a target starts with", function () {
    this.timeout(180_000);
    const repositoryName = "first-image";
    let engine: EngineWorld;
    let stack: TestStack;
    let platforms: ("linux/amd64" | "linux/arm64")[] = ["linux/amd64"];
    let targetName = "one";

    /** Declares a target, a parameter in the place of a service, with its image. */
    const program = async () => {
        const context = path.join(projectRoot, await writeContext("first", {}));
        return inProgramDirectory(() => {
            const repository = new ImageRepository("app", { repositoryName, forceDestroy: true });
            const credentials = repository.credentials();
            const image = new AppImage("app", {
                repositoryUrl: repository.repositoryUrl,
                credentials,
                build: {
                    spec: { name: "app", context: ".", dockerfile: "Dockerfile", platforms, compression: "gzip" },
                    policy: uncached,
                    sourceRoot: context,
                },
            });
            const target = new aws.ssm.Parameter(
                "target",
                { name: `/first-image/${targetName}`, type: "String", insecureValue: image.imageUri },
                { ignoreChanges: ["insecureValue"] },
            );
            keepFirstImage("target", { imageUri: image.imageUri, environment: "dev", credentials }, target, {});
            return { digest: image.imageDigest };
        });
    };

    before(async () => {
        engine = await engineWorld();
        stack = await TestStack.open(engine, "first-image", {}, program);
    });
    after(async () => {
        await stack?.destroy();
    });

    /** Updates the stack with another content of the image; returns the image's digest. */
    const up = async (content: string): Promise<string> => {
        await writeContext("first", singleFile(content));
        const { outputs } = await stack.stack.up({ suppressProgress: true });
        return String(outputs["digest"]!.value);
    };
    /** Lists the digests behind the tag of the first image: that of an index, and those of the images in it. */
    const tagged = async (): Promise<string[]> => {
        const imageIds = [{ imageTag: firstImageTag("dev") }];
        const { images = [] } = await awsClients(engine).ecr.send(
            new BatchGetImageCommand({ repositoryName, imageIds }),
        );
        const { manifests } = JSON.parse(images[0]!.imageManifest!) as { manifests: { digest: string }[] };
        return [images[0]!.imageId!.imageDigest!, ...manifests.map(({ digest }) => digest)];
    };

    /** Counts the resources, without providers. */
    const resources = async (): Promise<number> =>
        (await stack.state()).resources.filter(({ type }) => !type.startsWith("pulumi:providers:")).length;

    it("is kept by an index, which stays where it is when later updates push other images", async () => {
        const first = await up("one");
        const index = await tagged();
        assert.ok(index.includes(first), index.join());
        assert.notEqual(await up("two"), first);
        assert.deepEqual(await tagged(), index);
        assert.deepEqual(await stack.preview(), { same: await resources() });
    });

    it("gives way to the one that a replaced target starts with", async () => {
        targetName = "two";
        const newest = await up("three");
        assert.ok((await tagged()).includes(newest));
    });

    it("is an image for several platforms itself, with the same digest", async () => {
        platforms = ["linux/amd64", "linux/arm64"];
        targetName = "three";
        const newest = await up("four");
        assert.equal((await tagged())[0], newest);
    });

    it("is found by a refresh as it was left", async () => {
        assert.deepEqual(await stack.refresh(), { same: await resources() });
    });
});
