import assert from "node:assert/strict";
import { approvalText } from "../../../local/commands/pipelineApproval";
import {
    actionProgress,
    type ActionProgress,
    executionTimes,
    progressLines,
    summaryLines,
} from "../../../local/commands/pipelineReport";

const run = (action: string, change: Partial<ActionProgress> = {}): ActionProgress => ({
    id: action,
    stage: "Stage",
    action,
    isApproval: false,
    status: "InProgress",
    start: 1000,
    end: 1000,
    ...change,
});
const ended = { status: "Succeeded", end: 2500 };

describe("report of a pipeline's execution", () => {
    const cases: [what: string, before: ActionProgress[], after: ActionProgress[], lines: string[]][] = [
        ["an action that starts", [], [run("Build")], ["Stage / Build started"]],
        ["nothing new", [run("Build")], [run("Build")], []],
        [
            "an action that ends, with its id",
            [run("Build")],
            [run("Build", { ...ended, externalId: "app:1" })],
            ["Stage / Build succeeded after 1.5 s (app:1)"],
        ],
        ["an action that has ended before", [run("Build", ended)], [run("Build", ended)], []],
        [
            "an action that started and failed between two looks, with the reason",
            [],
            [run("Build", { ...ended, status: "Failed", message: "exit status 1" })],
            ["Stage / Build started", "Stage / Build failed after 1.5 s: exit status 1"],
        ],
        [
            "the second run of an action",
            [run("Build", ended)],
            [run("Build", ended), run("Build", { id: "again" })],
            ["Stage / Build started"],
        ],
    ];
    for (const [what, before, after, lines] of cases) {
        it(`tells of ${what}`, () => assert.deepEqual(progressLines(before, after), lines));
    }

    const line = [
        run("Source", { stage: "Source", ...ended, start: 0, end: 1000 }),
        run("One", { stage: "Test", ...ended, start: 1000, end: 4000 }),
        run("Two", { stage: "Test", ...ended, start: 1000, end: 6000 }),
        run("Ask", { stage: "Approve", ...ended, isApproval: true, start: 6000, end: 66_000 }),
        run("Deploy", { stage: "Deploy", ...ended, start: 66_000, end: 70_000 }),
    ];

    it("counts the time to the last action without the approvals before its end", () => {
        assert.deepEqual(executionTimes(line), {
            stages: [
                { stage: "Source", time: 1000 },
                { stage: "Test", time: 5000 },
                { stage: "Approve", time: 60_000 },
                { stage: "Deploy", time: 4000 },
            ],
            approvals: 60_000,
            toLastAction: 10_000,
        });
        assert.equal(executionTimes(line.slice(0, 4)).toLastAction, 6000);
        assert.deepEqual(executionTimes([]), { stages: [], approvals: 0, toLastAction: 0 });
    });

    it("ends with status and times", () => {
        assert.deepEqual(summaryLines("1-2", "Succeeded", line), [
            "Execution 1-2: Succeeded",
            "  Source: 1.0 s",
            "  Test: 5.0 s",
            "  Approve: 60.0 s",
            "  Deploy: 4.0 s",
            "From the source to the end of the last action, without approvals: 10.0 s",
            "Approvals waited 60.0 s",
        ]);
    });

    it("takes what it tells from the API's answer", () => {
        assert.deepEqual(
            actionProgress({
                actionExecutionId: "1",
                stageName: "Approve",
                actionName: "Ask",
                status: "Failed",
                startTime: new Date(1000),
                lastUpdateTime: new Date(2500),
                input: { actionTypeId: { category: "Approval", owner: "AWS", provider: "Manual", version: "1" } },
                output: { executionResult: { errorDetails: { message: "Rejected by me" } } },
            }),
            run("Ask", {
                id: "1",
                stage: "Approve",
                isApproval: true,
                status: "Failed",
                end: 2500,
                message: "Rejected by me",
            }),
        );
    });

    it("shows an approval with all lines of its text", () => {
        assert.equal(
            approvalText({
                stage: "Approve",
                action: "Ask",
                customData: "old: a\nnew: b",
                link: "https://example.com",
            }),
            "Approve / Ask waits for your approval:\n  old: a\n  new: b\n  https://example.com",
        );
        assert.equal(approvalText({ stage: "S", action: "A", customData: "" }), "S / A waits for your approval:");
    });
});
