import assert from "node:assert/strict";
import { approveAtOnce } from "../../../local/commands/pipelineApproval";
import { runPipeline, type WatchedExecution } from "../../../local/commands/pipelineProgress";
import { approvalAction, buildAction, usePipelineWorld } from "../aws/pipeline/pipelineWorld";

describe("progress of a pipeline", function () {
    this.timeout(60_000);
    const world = usePipelineWorld();

    /** Runs a pipeline; lines are without ids and times. */
    async function watch(name: string, more: Partial<WatchedExecution> = {}) {
        const lines: string[] = [];
        const print = (line: string) =>
            void lines.push(line.replace(/[0-9a-f]{40}|[0-9a-f-]{36}/g, "ID").replace(/\d+\.\d s/g, "T"));
        const { signal } = new AbortController();
        const options = { client: world.client, start: { name }, print, answer: approveAtOnce(print), signal, ...more };
        const ended = await runPipeline(options).catch((error: Error) => error);
        return { lines, ended };
    }

    it("is told line by line, with an approval in the middle, and summed up", async () => {
        const name = await world.pipeline({
            Approve: [approvalAction("Ask", { CustomData: "#{source.CommitMessage}" })],
            Deploy: [buildAction("Deploy", "app")],
        });
        const { lines, ended } = await watch(name);
        assert.ok(!(ended instanceof Error));
        assert.equal(ended.status, "Succeeded");
        assert.deepEqual(lines, [
            `Execution ID of ${name}`,
            "Source / Source started",
            "Source / Source succeeded after T (ID)",
            "Approve / Ask started",
            "Approve / Ask waits for your approval:\n  first",
            "Approve / Ask succeeded after T",
            "Deploy / Deploy started",
            "Deploy / Deploy succeeded after T (app:ID)",
            "Execution ID: Succeeded",
            "  Source: T",
            "  Approve: T",
            "  Deploy: T",
            "From the source to the end of the last action, without approvals: T",
            "Approvals waited T",
        ]);
    });

    it("stops the execution and its build when it is interrupted", async () => {
        const name = await world.pipeline({ Build: [buildAction("Build", "slow")] });
        const interruption = new AbortController();
        const watching = watch(name, { signal: interruption.signal });
        const { externalExecutionId } = await world.untilAction(name, "Build", "InProgress");
        interruption.abort(new Error("Interrupted."));
        const { lines, ended } = await watching;
        assert.equal((ended as Error).message, "Interrupted.");
        assert.equal(lines.at(-1), "Build / Build abandoned after T (slow:ID)");
        assert.notEqual(externalExecutionId, undefined);
    });

    it("stops the execution when an answer fails, and ends with that fault", async () => {
        const name = await world.pipeline({ Approve: [approvalAction("Ask")] });
        const { lines, ended } = await watch(name, { answer: () => Promise.reject(new Error("no terminal")) });
        assert.equal((ended as Error).message, "no terminal");
        assert.equal(lines.at(-1), "Approve / Ask abandoned after T");
    });
});
