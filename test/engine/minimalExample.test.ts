import assert from "node:assert/strict";
import { BatchGetProjectsCommand } from "@aws-sdk/client-codebuild";
import { BatchGetImageCommand, DescribeRepositoriesCommand, ListTagsForResourceCommand } from "@aws-sdk/client-ecr";
import { awsClients, engineWorld, type EngineWorld, type TestStack } from "../support/engineWorld";
import { openExample } from "../support/exampleProgram";
import { buildSeconds, installLibrary } from "../support/installedLibrary";

describe("the example of five lines", function () {
    this.timeout(buildSeconds * 1000);
    let engine: EngineWorld;
    let stack: TestStack;
    const tags = { team: "shop" };

    before(async () => {
        engine = await engineWorld();
        ({ stack } = await openExample(engine, "minimal", { install: installLibrary, pipelineArgs: { tags } }));
    });
    after(async () => {
        await stack?.destroy();
    });

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
