import assert from "node:assert/strict";
import {
    GetPipelineCommand,
    GetPipelineExecutionCommand,
    ListActionExecutionsCommand,
    ListPipelineExecutionsCommand,
    RetryStageExecutionCommand,
    UpdatePipelineCommand,
} from "@aws-sdk/client-codepipeline";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { readZip } from "../../../../local/aws/codebuild/zip";
import { accountId, approvalAction, bucket, buildAction, connectionArn, usePipelineWorld } from "./pipelineWorld";

describe("pipeline: executions", function () {
    this.timeout(60_000);
    const world = usePipelineWorld();

    /** Reads the file of a source artifact. */
    async function sourceOf(Key: string): Promise<string> {
        const { Body } = await world.gateway.admin.s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
        const entries = readZip(Buffer.from((await Body?.transformToByteArray()) ?? []));
        return entries.map(({ name, content }) => `${name}: ${content.toString()}`).join("\n");
    }

    it("go from a commit through builds and an approval to the end, with variables", async () => {
        // GIVEN a pipeline whose later actions use the variables of earlier ones
        const EnvironmentVariables = JSON.stringify([
            { name: "COMMIT", value: "#{source.CommitId}" },
            { name: "RUN", value: "#{codepipeline.PipelineExecutionId} #{variables.who}" },
        ]);
        const build = buildAction("Build", "app", { namespace: "build", configuration: { EnvironmentVariables } });
        const ask = approvalAction("Ask", { CustomData: "#{build.IMAGE} of #{source.CommitMessage}" });
        const variables = [{ name: "who", defaultValue: "nobody" }];
        const name = await world.pipeline({ Build: [build], Approve: [ask] }, { variables });
        const commit = world.commit("with variables");
        // WHEN it is started and approved
        const id = await world.execute(name, { variables: [{ name: "who", value: "tester" }] });
        await world.answer(name, "Approve", "Ask", "Approved");
        await world.until(name, id, "Succeeded");
        // THEN the build got source and values from the pipeline
        const { actionExecutionDetails: details = [] } = await world.client.send(
            new ListActionExecutionsCommand({ pipelineName: name, filter: { pipelineExecutionId: id } }),
        );
        const [approved, built, sourced] = details;
        const { initiator, pipeline, exported } = world.build(built?.output?.executionResult?.externalExecutionId);
        assert.deepEqual(
            [initiator, pipeline.pipeline, pipeline.revision, pipeline.inputs.length, pipeline.outputs],
            [`codepipeline/${name}`, name, commit, 1, []],
        );
        assert.equal(await sourceOf(pipeline.inputs[0].key), "file: with variables");
        assert.deepEqual(exported, ["IMAGE=app@sha256:1", `COMMIT=${commit}`, `RUN=${id} tester`]);
        // AND the approval showed the image, and knows who answered it
        assert.deepEqual(
            [approved?.status, approved?.input?.resolvedConfiguration?.CustomData, approved?.updatedBy],
            ["Succeeded", "app@sha256:1 of with variables", `arn:aws:iam::${accountId}:root`],
        );
        assert.deepEqual(sourced?.output?.outputVariables, {
            BranchName: "main",
            CommitId: commit,
            CommitMessage: "with variables",
            ConnectionArn: connectionArn,
            FullRepositoryName: "team/app",
        });
        const command = new GetPipelineExecutionCommand({ pipelineName: name, pipelineExecutionId: id });
        const { pipelineExecution } = await world.client.send(command);
        assert.deepEqual(
            [pipelineExecution?.artifactRevisions?.[0]?.revisionId, pipelineExecution?.variables],
            [commit, [{ name: "who", resolvedValue: "tester" }]],
        );
    });

    it("take the commit that the start names", async () => {
        const earlier = world.commit("earlier");
        world.commit("later");
        const name = await world.pipeline({ Build: [buildAction("Build", "app")] });
        const revision = { actionName: "Source", revisionType: "COMMIT_ID", revisionValue: earlier } as const;
        const id = await world.execute(name, { sourceRevisions: [revision] });
        await world.until(name, id, "Succeeded");
        const { pipelineExecutionSummaries: [summary] = [] } = await world.client.send(
            new ListPipelineExecutionsCommand({ pipelineName: name }),
        );
        assert.deepEqual(
            summary?.sourceRevisions?.map(({ revisionId, revisionSummary }) => [revisionId, revisionSummary]),
            [[earlier, "earlier"]],
        );
    });

    it("run actions of one runOrder side by side, and later ones after them", async () => {
        const name = await world.pipeline({
            Build: [
                buildAction("Last", "app", { runOrder: 2 }),
                buildAction("One", "slow-one"),
                buildAction("Two", "slow-two"),
            ],
        });
        const id = await world.execute(name);
        await world.untilAction(name, "One", "InProgress");
        await world.untilAction(name, "Two", "InProgress");
        assert.deepEqual((await world.actions(name, id)).map(([action]) => action).sort(), ["One", "Source", "Two"]);
        await world.released(() => world.until(name, id, "Succeeded"));
        assert.deepEqual((await world.actions(name, id)).at(-1), ["Last", "Succeeded"]);
    });

    it("fail where a build fails, and a retry runs only the failed action, as it is declared then", async () => {
        // GIVEN an execution with one of two builds failed
        const actions = [buildAction("Good", "app"), buildAction("Bad", "fails")];
        const name = await world.pipeline({ Build: actions, Next: [buildAction("Next", "app")] });
        const id = await world.execute(name);
        await world.until(name, id, "Failed");
        const message =
            "Build terminated with state: FAILED. Phase: BUILD, Code: COMMAND_EXECUTION_ERROR, Message: exit status 1";
        assert.deepEqual((await world.actions(name, id)).sort(), [
            ["Bad", "Failed", message],
            ["Good", "Succeeded"],
            ["Source", "Succeeded"],
        ]);
        // WHEN the declaration is mended and the stage retried
        const { pipeline } = await world.client.send(new GetPipelineCommand({ name }));
        pipeline!.stages![1]!.actions![1]!.configuration = { ProjectName: "app" };
        await world.client.send(new UpdatePipelineCommand({ pipeline }));
        const retry = {
            pipelineName: name,
            stageName: "Build",
            pipelineExecutionId: id,
            retryMode: "FAILED_ACTIONS",
        } as const;
        await world.client.send(new RetryStageExecutionCommand(retry));
        // THEN the execution goes on to the end, and cannot be retried again
        await world.until(name, id, "Succeeded");
        assert.deepEqual((await world.actions(name, id)).slice(3), [
            ["Bad", "Succeeded"],
            ["Next", "Succeeded"],
        ]);
        await assert.rejects(world.client.send(new RetryStageExecutionCommand(retry)), {
            name: "StageNotRetryableException",
        });
    });

    it("fail at a rejected approval, and no later stage begins", async () => {
        const name = await world.pipeline({
            Approve: [approvalAction("Ask")],
            Deploy: [buildAction("Deploy", "app")],
        });
        const id = await world.execute(name);
        await world.answer(name, "Approve", "Ask", "Rejected");
        await world.until(name, id, "Failed");
        assert.deepEqual(await world.actions(name, id), [
            ["Source", "Succeeded"],
            ["Ask", "Failed", `Rejected by arn:aws:iam::${accountId}:root`],
        ]);
    });

    it("fail at a variable that nothing has set, in words that name it", async () => {
        const EnvironmentVariables = '[{"name":"A","value":"#{build.IMAGES}"}]';
        const name = await world.pipeline({
            Build: [buildAction("Build", "app", { namespace: "build" })],
            Next: [buildAction("Next", "app", { configuration: { EnvironmentVariables } })],
        });
        const id = await world.execute(name);
        await world.until(name, id, "Failed");
        assert.deepEqual((await world.actions(name, id)).at(-1), [
            "Next",
            "Failed",
            "The variable #{build.IMAGES} could not be resolved: build has IMAGE.",
        ]);
    });
});
