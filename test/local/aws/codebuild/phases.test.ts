import assert from "node:assert/strict";
import type { PhaseSpec } from "../../../../local/aws/codebuild/buildspec";
import {
    buildStatus,
    type EndStatus,
    nextPhase,
    type PhaseType,
    runCommands,
} from "../../../../local/aws/codebuild/phases";

type Failures = Partial<Record<PhaseType, EndStatus>>;
type OnFailure = Partial<Record<PhaseType, PhaseSpec["onFailure"]>>;

const all =
    "SUBMITTED QUEUED PROVISIONING DOWNLOAD_SOURCE INSTALL PRE_BUILD BUILD POST_BUILD UPLOAD_ARTIFACTS FINALIZING COMPLETED";
const upToInstall = "SUBMITTED QUEUED PROVISIONING DOWNLOAD_SOURCE INSTALL";

describe("codebuild: phases", () => {
    const runs: [what: string, failures: Failures, onFailure: OnFailure, order: string, status: EndStatus][] = [
        ["all succeed", {}, {}, all, "SUCCEEDED"],
        ["no role", { SUBMITTED: "FAILED" }, {}, "SUBMITTED FINALIZING COMPLETED", "FAILED"],
        ["install fails", { INSTALL: "FAILED" }, {}, `${upToInstall} FINALIZING COMPLETED`, "FAILED"],
        ["pre_build fails", { PRE_BUILD: "FAILED" }, {}, `${upToInstall} PRE_BUILD FINALIZING COMPLETED`, "FAILED"],
        ["build fails: post_build still runs", { BUILD: "FAILED" }, {}, all, "FAILED"],
        [
            "build fails with ABORT",
            { BUILD: "FAILED" },
            { BUILD: "ABORT" },
            `${upToInstall} PRE_BUILD BUILD FINALIZING COMPLETED`,
            "FAILED",
        ],
        ["install fails with CONTINUE: the rest runs", { INSTALL: "FAILED" }, { INSTALL: "CONTINUE" }, all, "FAILED"],
        ["post_build fails: artifacts are still tried", { POST_BUILD: "FAILED" }, {}, all, "FAILED"],
        [
            "build times out",
            { BUILD: "TIMED_OUT" },
            { BUILD: "CONTINUE" },
            `${upToInstall} PRE_BUILD BUILD FINALIZING COMPLETED`,
            "TIMED_OUT",
        ],
        ["stopped", { INSTALL: "STOPPED" }, {}, `${upToInstall} FINALIZING COMPLETED`, "STOPPED"],
        ["the log cannot be written in the end", { FINALIZING: "FAILED" }, {}, all, "FAILED"],
    ];
    for (const [what, failures, onFailure, order, status] of runs) {
        it(what, () => {
            const seen: PhaseType[] = ["SUBMITTED"];
            const statuses: EndStatus[] = [];
            for (let phase: PhaseType = "SUBMITTED"; phase !== "COMPLETED"; seen.push(phase)) {
                statuses.push(failures[phase] ?? "SUCCEEDED");
                phase = nextPhase(phase, statuses.at(-1)!, onFailure[phase]);
            }
            assert.deepEqual([seen.join(" "), buildStatus(statuses)], [order, status]);
        });
    }

    const commands: [what: string, statuses: Record<string, number>, ran: string, failed: unknown][] = [
        ["all commands, then finally", {}, "a b x y", undefined],
        ["nothing after a failed command but finally", { a: 3 }, "a x y", { command: "a", exitStatus: 3 }],
        ["nothing after a failed command of finally", { x: 4 }, "a b x", { command: "x", exitStatus: 4 }],
        ["the first failure is the one that is told", { b: 1, x: 2 }, "a b x", { command: "b", exitStatus: 1 }],
    ];
    for (const [what, statuses, ran, failed] of commands) {
        it(`runs ${what}`, async () => {
            const seen: string[] = [];
            const run = (command: string) => {
                seen.push(command);
                return Promise.resolve(statuses[command] ?? 0);
            };
            const result = await runCommands({ commands: ["a", "b"], finally: ["x", "y"] }, run);
            assert.deepEqual([seen.join(" "), result], [ran, failed]);
        });
    }
});
