import assert from "node:assert/strict";
import * as fs from "node:fs";
import { createRequire } from "node:module";
import * as path from "node:path";
import { BatchGetProjectsCommand } from "@aws-sdk/client-codebuild";
import { BatchGetImageCommand, DescribeRepositoriesCommand, ListTagsForResourceCommand } from "@aws-sdk/client-ecr";
import type * as library from "../../infra/components";
import { projectRoot, worldDirectory } from "../../local/paths";
import { imageSettings } from "../../local/world/base-images";
import { inProgramDirectory } from "../../local/world/stack";
import { awsClients, engineWorld, type EngineWorld, TestStack } from "../support/engineWorld";
import { buildSeconds, installLibrary } from "../support/installedLibrary";

describe("the example of five lines", function () {
    this.timeout(buildSeconds * 1000);
    let engine: EngineWorld;
    let stack: TestStack;
    let load: NodeJS.Require;
    const tags = { team: "shop" };

    before(async () => {
        engine = await engineWorld();
        const folder = path.join(worldDirectory(), "minimal");
        fs.cpSync(path.join(projectRoot, "examples/minimal"), folder, { recursive: true });
        installLibrary(folder);
        load = createRequire(path.join(folder, "index.ts"));
        useWorld(folder);
        stack = await TestStack.open(engine, "minimal-example", {}, () => {
            delete load.cache[load.resolve("./index.ts")];
            return Promise.resolve(inProgramDirectory(() => load("./index.ts") as Record<string, unknown>));
        });
    });
    after(async () => {
        await stack?.destroy();
    });

    /** Lets pipelines of the installed library use what the offline world has, and what Pulumi's language host would tell: the folder. */
    function useWorld(sourceRoot: string): void {
        const original = load("cached-image-pipeline") as typeof library;
        const ofWorld = { ...imageSettings(engine.world.registry), sourceRoot, forceDestroy: true, tags };
        class ImagePipeline extends original.ImagePipeline {
            constructor(name: string, args: library.ImagePipelineArgs) {
                super(name, { ...args, ...ofWorld });
            }
        }
        load.cache[load.resolve("cached-image-pipeline")]!.exports = { ...original, ImagePipeline };
    }

    it("creates everything and pushes the image", async () => {
        const { outputs } = await stack.stack.up({ suppressProgress: true });
        const [repositoryUrl, imageDigest] = String(outputs["imageUri"]!.value).split("@");
        assert.equal(repositoryUrl, outputs["repositoryUrl"]!.value);
        assert.equal(outputs["buildProjectName"]!.value, "cached-image-pipeline-minimal-example");
        const { images = [] } = await awsClients(engine).ecr.send(
            new BatchGetImageCommand({
                repositoryName: "cached-image-pipeline-minimal-example",
                imageIds: [{ imageDigest: imageDigest! }],
            }),
        );
        assert.deepEqual(
            images.map(({ imageId }) => imageId?.imageDigest),
            [imageDigest],
        );
    });

    it("tags what it creates", async () => {
        const { ecr, codebuild } = awsClients(engine);
        const { repositories = [] } = await ecr.send(
            new DescribeRepositoriesCommand({ repositoryNames: ["cached-image-pipeline-minimal-example"] }),
        );
        const ofRepository = await ecr.send(
            new ListTagsForResourceCommand({ resourceArn: repositories[0]!.repositoryArn }),
        );
        assert.deepEqual(ofRepository.tags, [{ Key: "team", Value: "shop" }]);
        const { projects = [] } = await codebuild.send(
            new BatchGetProjectsCommand({ names: ["cached-image-pipeline-minimal-example"] }),
        );
        assert.deepEqual(
            projects.map((project) => project.tags),
            [[{ key: "team", value: "shop" }]],
        );
    });

    it("changes nothing when it is run again", async () => {
        assert.deepEqual(Object.keys(await stack.preview()), ["same"]);
    });
});
