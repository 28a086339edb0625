import assert from "node:assert/strict";
import type { ScanDecision } from "../../../infra/buildTools/scanDecision";
import { type Clock, waitForDecision } from "../../../infra/buildTools/scanWait";

const none: ScanDecision = { kind: "undecided", reason: "ECR has no scan of it", isBegun: false };
const running: ScanDecision = { kind: "undecided", reason: "its scan is IN_PROGRESS", isBegun: true };
const passed: ScanDecision = { kind: "passed", findings: [] };

/** Waits with a clock that only sleeping moves. @returns the decision, and the pauses in seconds */
async function wait(decisions: ScanDecision[], seconds: number) {
    const pauses: number[] = [];
    let time = 0;
    const clock: Clock = {
        now: () => time,
        sleep: (milliseconds) => {
            pauses.push(milliseconds / 1000);
            time += milliseconds;
            return Promise.resolve();
        },
    };
    let asked = 0;
    const ask = () => Promise.resolve(decisions[Math.min(asked++, decisions.length - 1)]!);
    return { decision: await waitForDecision(ask, seconds, clock), pauses };
}

describe("waiting for the decision about a scan", () => {
    it("does not pause where there is one", async () => {
        assert.deepEqual(await wait([passed], 600), { decision: passed, pauses: [] });
    });

    it("asks again after growing pauses, until the scan that a push started has ended", async () => {
        const decisions = [none, running, running, running, running, running, passed];
        assert.deepEqual(await wait(decisions, 600), { decision: passed, pauses: [1, 2, 4, 8, 15, 15] });
    });

    it("refuses at the deadline, which it does not exceed, what still runs", async () => {
        const reason = "its scan is IN_PROGRESS, after 10 s; run the gate again later, or raise SCAN_DEADLINE";
        const decision = { kind: "refused", reason, findings: [] };
        assert.deepEqual(await wait([running], 10), { decision, pauses: [1, 2, 4, 3] });
    });

    const limits: [seconds: number, waited: number][] = [
        [600, 60],
        [5, 5],
    ];
    for (const [seconds, waited] of limits) {
        it(`refuses what ECR knows no scan of after ${waited} of ${seconds} s`, async () => {
            const { decision, pauses } = await wait([none], seconds);
            const reason = `ECR has no scan of it, after ${waited} s; let the repository scan on push, or start a scan`;
            assert.deepEqual(decision, { kind: "refused", reason, findings: [] });
            assert.equal(
                pauses.reduce((sum, pause) => sum + pause, 0),
                waited,
            );
        });
    }

    it("ends with the error of a question that fails", async () => {
        await assert.rejects(
            waitForDecision(() => Promise.reject(new Error("denied")), 600),
            { message: "denied" },
        );
    });
});
