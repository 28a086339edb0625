import * as aws from "@pulumi/aws";
import assert from "node:assert/strict";
import { createAwsContext } from "../../../../local/aws/provider/awsContext";
import type { AwsContext } from "../../../../local/aws/provider/resourceType";
import { exchangeableStack, startWorld, type TestWorld } from "./support";

const connectionArn = "arn:aws:codeconnections:eu-central-1:000000000000:connection/1";
const roleArn = "arn:aws:iam::000000000000:role/pipeline";

/** Makes a pipeline with everything that the provider maps. */
function declare(changes: Partial<aws.codepipeline.PipelineArgs> = {}) {
    return () => {
        const { arn, triggerAlls } = new aws.codepipeline.Pipeline("line", {
            name: "line",
            roleArn,
            pipelineType: "V2",
            executionMode: "QUEUED",
            artifactStores: [{ type: "S3", location: "bucket", encryptionKey: { id: "key", type: "KMS" } }],
            variables: [{ name: "who", defaultValue: "nobody", description: "Person." }],
            triggers: [
                {
                    providerType: "CodeStarSourceConnection",
                    gitConfiguration: {
                        sourceActionName: "Source",
                        pushes: [{ branches: { includes: ["main"] }, filePaths: { excludes: ["docs/**"] } }],
                    },
                },
            ],
            stages: [
                {
                    name: "Source",
                    actions: [
                        {
                            name: "Source",
                            category: "Source",
                            owner: "AWS",
                            provider: "CodeStarSourceConnection",
                            version: "1",
                            configuration: {
                                ConnectionArn: connectionArn,
                                FullRepositoryId: "a/b",
                                BranchName: "main",
                            },
                            outputArtifacts: ["Source"],
                            namespace: "source",
                            roleArn,
                        },
                    ],
                },
                {
                    name: "Approve",
                    onFailure: { result: "RETRY", retryConfiguration: { retryMode: "FAILED_ACTIONS" } },
                    actions: [
                        {
                            name: "Ask",
                            category: "Approval",
                            owner: "AWS",
                            provider: "Manual",
                            version: "1",
                            configuration: { CustomData: "#{source.CommitId}" },
                            runOrder: 2,
                            timeoutInMinutes: 60,
                        },
                    ],
                },
            ],
            tags: { team: "one", old: "x" },
            ...changes,
        });
        return { arn, triggerAlls };
    };
}

describe("pipelines under the real engine", function () {
    this.timeout(120_000);
    let world: TestWorld;
    let context: AwsContext;

    before(async () => {
        world = await startWorld();
        context = createAwsContext(world.settings);
    });
    after(() => world.stop());

    it("are created, stay as they are, are updated, imported by a refresh, and deleted", async () => {
        const { codepipeline } = context.clients;
        const { stack, run } = await exchangeableStack(world, "line", declare());
        // GIVEN a pipeline
        const { outputs } = await run();
        assert.equal(outputs.arn?.value, "arn:aws:codepipeline:eu-central-1:000000000000:line");
        assert.deepEqual(outputs.triggerAlls?.value, [
            {
                providerType: "CodeStarSourceConnection",
                gitConfigurations: [
                    {
                        sourceActionName: "Source",
                        pushes: [{ branches: [{ includes: ["main"] }], filePaths: [{ excludes: ["docs/**"] }] }],
                    },
                ],
            },
        ]);
        const { pipeline } = await codepipeline.getPipeline({ name: "line" });
        assert.deepEqual(pipeline?.artifactStore, {
            type: "S3",
            location: "bucket",
            encryptionKey: { id: "key", type: "KMS" },
        });
        assert.deepEqual(pipeline?.stages?.[1], {
            name: "Approve",
            onFailure: { result: "RETRY", retryConfiguration: { retryMode: "FAILED_ACTIONS" } },
            actions: [
                {
                    name: "Ask",
                    actionTypeId: { category: "Approval", owner: "AWS", provider: "Manual", version: "1" },
                    configuration: { CustomData: "#{source.CommitId}" },
                    runOrder: 2,
                    timeoutInMinutes: 60,
                },
            ],
        });
        // WHEN nothing changes THEN nothing is done, also after a refresh
        await stack.refresh();
        assert.deepEqual((await run()).summary.resourceChanges, { same: 2 });
        // WHEN it changes THEN it is updated, its tags too
        const changed = declare({ executionMode: "SUPERSEDED", triggers: undefined, tags: { team: "two" } });
        assert.deepEqual((await run(changed)).summary.resourceChanges, { same: 1, update: 1 });
        const after = await codepipeline.getPipeline({ name: "line" });
        assert.deepEqual(
            [after.pipeline?.version, after.pipeline?.executionMode, after.pipeline?.triggers],
            [2, "SUPERSEDED", undefined],
        );
        const { tags } = await codepipeline.listTagsForResource({ resourceArn: after.metadata?.pipelineArn });
        assert.deepEqual(tags, [{ key: "team", value: "two" }]);
        // WHEN only tags change THEN the declaration keeps its version
        await run(declare({ executionMode: "SUPERSEDED", triggers: undefined, tags: { team: "three" } }));
        assert.equal((await codepipeline.getPipeline({ name: "line" })).pipeline?.version, 2);
        // WHEN it is removed THEN it is gone
        await stack.destroy();
        await assert.rejects(codepipeline.getPipeline({ name: "line" }), { name: "PipelineNotFoundException" });
    });

    it("are refused where CodePipeline refuses their structure", async () => {
        const { stack } = await exchangeableStack(world, "refused", declare({ name: "refused", stages: [] }));
        await assert.rejects(stack.up(), /InvalidStructureException: Pipeline has only 0 stage\(s\)/);
    });
});
