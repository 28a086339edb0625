import assert from "node:assert/strict";
import { GetPipelineExecutionCommand, RetryStageExecutionCommand } from "@aws-sdk/client-codepipeline";
import { waitFor } from "../../../../local/machine/waitFor";
import { approvalAction, buildAction, usePipelineWorld } from "./pipelineWorld";

describe("pipeline: a restart of the gateway", function () {
    this.timeout(60_000);
    const world = usePipelineWorld();

    it("shows what was there; what ran has failed, and a retry continues it", async () => {
        // GIVEN one execution that ended, one in a build, and one before that stage
        const done = await world.pipeline({ Build: [buildAction("Build", "app")] });
        const first = await world.execute(done);
        await world.until(done, first, "Succeeded");
        const name = await world.pipeline({ Build: [buildAction("Build", "slow")], Ask: [approvalAction("Ask")] });
        const second = await world.execute(name);
        const { externalExecutionId } = await world.untilAction(name, "Build", "InProgress");
        const third = await world.execute(name);
        await world.untilInbound(name, "Build", [third]);
        // WHEN the gateway ends and starts again
        await world.gateway.restart();
        // THEN all executions are there
        const statusOf = async (pipelineName: string, pipelineExecutionId: string) => {
            const command = new GetPipelineExecutionCommand({ pipelineName, pipelineExecutionId });
            const { status, statusSummary } = (await world.client.send(command)).pipelineExecution ?? {};
            return [status, statusSummary];
        };
        const sentence = "The offline world ended while the execution ran; retry the stage, which continues it.";
        assert.deepEqual(await statusOf(done, first), ["Succeeded", undefined]);
        assert.deepEqual(await statusOf(name, second), ["Failed", sentence]);
        assert.deepEqual(await statusOf(name, third), ["Failed", sentence]);
        assert.deepEqual((await world.actions(name, second)).at(-1), ["Build", "Failed", sentence]);
        // AND the build does not go on
        const stopped = () => world.build(externalExecutionId).buildStatus === "STOPPED" || undefined;
        assert.equal(await waitFor(stopped, 5000), true);
        // WHEN the later one is retried THEN it goes on with the artifacts that it had
        const retry = { pipelineName: name, stageName: "Build", pipelineExecutionId: third } as const;
        await world.client.send(new RetryStageExecutionCommand({ ...retry, retryMode: "FAILED_ACTIONS" }));
        await world.released(() => world.answer(name, "Ask", "Ask", "Approved"));
        await world.until(name, third, "Succeeded");
        assert.deepEqual(await world.actions(name, third), [
            ["Source", "Succeeded"],
            ["Build", "Succeeded"],
            ["Ask", "Succeeded"],
        ]);
    });
});
