import assert from "node:assert/strict";
import {
    ListPipelineExecutionsCommand,
    RetryStageExecutionCommand,
    StopPipelineExecutionCommand,
} from "@aws-sdk/client-codepipeline";
import { waitFor } from "../../../../local/machine/waitFor";
import { approvalAction, buildAction, usePipelineWorld } from "./pipelineWorld";

describe("pipeline: several executions, and stopped ones", function () {
    this.timeout(60_000);
    const world = usePipelineWorld();

    it("let a newer execution replace the one that waits before a stage (SUPERSEDED)", async () => {
        // GIVEN one execution in a stage, and one before it
        const name = await world.pipeline({ Build: [buildAction("Build", "slow")] });
        const first = await world.execute(name);
        await world.untilAction(name, "Build", "InProgress");
        const second = await world.execute(name);
        await world.untilInbound(name, "Build", [second]);
        // WHEN a third comes
        const third = await world.execute(name);
        // THEN the second is superseded, and the others succeed
        await world.until(name, second, "Superseded");
        await world.untilInbound(name, "Build", [third]);
        await world.released(async () => {
            await world.until(name, first, "Succeeded");
            await world.until(name, third, "Succeeded");
        });
        assert.deepEqual(await world.actions(name, second), [["Source", "Succeeded"]]);
        // AND one that waits can be stopped, and the failed stage of an earlier one is not retried after a later one entered
        const { pipelineExecutionSummaries = [] } = await world.client.send(
            new ListPipelineExecutionsCommand({ pipelineName: name }),
        );
        assert.deepEqual(
            pipelineExecutionSummaries.map(({ pipelineExecutionId, status }) => [pipelineExecutionId, status]),
            [
                [third, "Succeeded"],
                [second, "Superseded"],
                [first, "Succeeded"],
            ],
        );
    });

    it("let all executions through one after the other (QUEUED), and one that fails lets the next in", async () => {
        const name = await world.pipeline({ Approve: [approvalAction("Ask")] }, { executionMode: "QUEUED" });
        const ids = [];
        for (let index = 0; index < 3; index += 1) ids.push(await world.execute(name));
        const [first = "", second = "", third = ""] = ids;
        await world.untilAction(name, "Ask", "InProgress");
        await world.untilInbound(name, "Approve", [second, third]);
        await world.answer(name, "Approve", "Ask", "Rejected");
        await world.until(name, first, "Failed");
        await world.untilInbound(name, "Approve", [third]);
        await world.answer(name, "Approve", "Ask", "Approved");
        await world.until(name, second, "Succeeded");
        await world.untilInbound(name, "Approve", []);
        await world.answer(name, "Approve", "Ask", "Approved");
        await world.until(name, third, "Succeeded");
        await assert.rejects(
            world.client.send(
                new RetryStageExecutionCommand({
                    pipelineName: name,
                    stageName: "Approve",
                    pipelineExecutionId: first,
                    retryMode: "FAILED_ACTIONS",
                }),
            ),
            { name: "NotLatestPipelineExecutionException" },
        );
    });

    it("stop at once, with their builds, and continue where a retry says so", async () => {
        // GIVEN an execution in the middle of a build
        const name = await world.pipeline({
            Build: [buildAction("Build", "slow")],
            Next: [buildAction("Next", "app")],
        });
        const id = await world.execute(name);
        const { externalExecutionId } = await world.untilAction(name, "Build", "InProgress");
        // WHEN it is stopped
        const stop = { pipelineName: name, pipelineExecutionId: id, abandon: true, reason: "test" };
        await world.client.send(new StopPipelineExecutionCommand(stop));
        await world.until(name, id, "Stopped");
        // THEN the action is abandoned, its build stopped, and it cannot be stopped again
        assert.deepEqual((await world.actions(name, id)).at(-1), ["Build", "Abandoned"]);
        const stopped = () => world.build(externalExecutionId).buildStatus === "STOPPED" || undefined;
        assert.equal(await waitFor(stopped, 5000), true);
        await assert.rejects(world.client.send(new StopPipelineExecutionCommand(stop)), {
            name: "PipelineExecutionNotStoppableException",
        });
        // AND the retried stage goes on to the end
        const retry = { pipelineName: name, stageName: "Build", pipelineExecutionId: id };
        await world.client.send(new RetryStageExecutionCommand({ ...retry, retryMode: "FAILED_ACTIONS" }));
        await world.released(() => world.until(name, id, "Succeeded"));
        assert.deepEqual(await world.actions(name, id), [
            ["Source", "Succeeded"],
            ["Build", "Abandoned"],
            ["Build", "Succeeded"],
            ["Next", "Succeeded"],
        ]);
    });

    it("stop when their running actions have ended, without abandon", async () => {
        const actions = [buildAction("Build", "slow"), buildAction("Later", "app", { runOrder: 2 })];
        const name = await world.pipeline({ Build: actions });
        const id = await world.execute(name);
        await world.untilAction(name, "Build", "InProgress");
        const stop = { pipelineName: name, pipelineExecutionId: id };
        await world.client.send(new StopPipelineExecutionCommand(stop));
        await world.until(name, id, "Stopping");
        await assert.rejects(world.client.send(new StopPipelineExecutionCommand(stop)), {
            name: "DuplicatedStopRequestException",
        });
        await world.released(() => world.until(name, id, "Stopped"));
        assert.deepEqual((await world.actions(name, id)).at(-1), ["Build", "Succeeded"]);
    });

    it("stop while they wait before a stage", async () => {
        const name = await world.pipeline({ Approve: [approvalAction("Ask")] });
        const first = await world.execute(name);
        await world.untilAction(name, "Ask", "InProgress");
        const second = await world.execute(name);
        await world.untilInbound(name, "Approve", [second]);
        const stop = (id: string) => ({ pipelineName: name, pipelineExecutionId: id, abandon: true });
        await world.client.send(new StopPipelineExecutionCommand(stop(second)));
        await world.until(name, second, "Stopped");
        await world.client.send(new StopPipelineExecutionCommand(stop(first)));
        await world.until(name, first, "Stopped");
    });
});
