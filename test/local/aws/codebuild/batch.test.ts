import assert from "node:assert/strict";
import { batchStatus, nextStep, problemOfTasks, type TaskState } from "../../../../local/aws/codebuild/batch";
import type { BatchTask } from "../../../../local/aws/codebuild/buildspec";

const task = (identifier: string, dependOn: string[] = [], ignoreFailure = false): BatchTask => ({
    identifier,
    dependOn,
    ignoreFailure,
});

describe("codebuild: batch", () => {
    const graph = [task("amd64"), task("arm64", [], true), task("index", ["amd64", "arm64"])];

    const steps: [what: string, states: Record<string, TaskState>, start: string[], stop: string[]][] = [
        [
            "tasks without dependencies",
            { amd64: "PENDING", arm64: "PENDING", index: "PENDING" },
            ["amd64", "arm64"],
            [],
        ],
        ["none while one runs", { amd64: "IN_PROGRESS", arm64: "SUCCEEDED", index: "PENDING" }, [], []],
        [
            "the last when all it needs is there",
            { amd64: "SUCCEEDED", arm64: "SUCCEEDED", index: "PENDING" },
            ["index"],
            [],
        ],
        [
            "the last after a failure to ignore",
            { amd64: "SUCCEEDED", arm64: "FAILED", index: "PENDING" },
            ["index"],
            [],
        ],
        ["nothing after a failure", { amd64: "FAILED", arm64: "SUCCEEDED", index: "PENDING" }, [], ["index"]],
    ];
    for (const [what, states, start, stop] of steps) {
        it(`begins ${what}`, () => {
            const step = nextStep(graph, new Map(Object.entries(states)));
            const names = (tasks: BatchTask[]) => tasks.map(({ identifier }) => identifier);
            assert.deepEqual([names(step.start), names(step.stop)], [start, stop]);
        });
    }

    const ends: [states: Record<string, TaskState>, status: string][] = [
        [{ amd64: "SUCCEEDED", arm64: "SUCCEEDED", index: "SUCCEEDED" }, "SUCCEEDED"],
        [{ amd64: "SUCCEEDED", arm64: "FAILED", index: "SUCCEEDED" }, "SUCCEEDED"],
        [{ amd64: "STOPPED", arm64: "SUCCEEDED", index: "FAILED" }, "FAILED"],
        [{ amd64: "STOPPED", arm64: "SUCCEEDED", index: "STOPPED" }, "STOPPED"],
    ];
    for (const [states, status] of ends) {
        it(`${Object.values(states).join(", ")} is ${status}`, () => {
            assert.equal(batchStatus(graph, new Map(Object.entries(states))), status);
        });
    }

    const problems: [what: string, tasks: BatchTask[], problem: string | undefined][] = [
        ["a graph", graph, undefined],
        ["one identifier twice", [task("a"), task("a")], "batch.build-graph has two tasks a; identifiers must differ."],
        [
            "a missing task",
            [task("a", ["b"])],
            "batch.build-graph: task a depends on b, which is not there; there are a.",
        ],
        ["a circle", [task("a", ["b"]), task("b", ["a"]), task("c")], "batch.build-graph: a, b wait for each other."],
    ];
    for (const [what, tasks, problem] of problems) {
        it(`sees ${what}`, () => assert.equal(problemOfTasks(tasks), problem));
    }
});
