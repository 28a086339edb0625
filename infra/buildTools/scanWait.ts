import { setTimeout } from "node:timers/promises";
import type { ScanDecision } from "./scanDecision";

/** Decision that waiting does not change. */
export type FinalDecision = Exclude<ScanDecision, { kind: "undecided" }>;

/** Time, as the gate needs it. */
export interface Clock {
    /** Tells the time, in milliseconds since 1970. */
    now(): number;
    /** Waits for a number of milliseconds. */
    sleep(milliseconds: number): Promise<void>;
}

export const systemClock: Clock = {
    now: () => Date.now(),
    sleep: (milliseconds) => setTimeout(milliseconds),
};

/** Seconds after which ECR should know the scan of an image that was pushed right before. */
const secondsToBegin = 60;

/** Longest pause between two questions, in seconds. */
const longestPause = 15;

/**
 * Asks for the decision until there is one, with pauses that grow.
 *
 * @param ask function that asks ECR and decides
 * @param seconds longest time to wait; for an image that ECR knows no scan of, a minute at most
 * @returns a refusal when the time is over
 */
export async function waitForDecision(
    ask: () => Promise<ScanDecision>,
    seconds: number,
    clock: Clock = systemClock,
): Promise<FinalDecision> {
    const started = clock.now();
    for (let pause = 1; ; pause = Math.min(2 * pause, longestPause)) {
        const decision = await ask();
        if (decision.kind !== "undecided") return decision;
        const limit = decision.isBegun ? seconds : Math.min(seconds, secondsToBegin);
        const left = limit - (clock.now() - started) / 1000;
        if (left <= 0) return { kind: "refused", reason: overdue(decision, limit), findings: [] };
        await clock.sleep(Math.min(pause, left) * 1000);
    }
}

function overdue({ reason, isBegun }: { reason: string; isBegun: boolean }, seconds: number): string {
    const remedy = isBegun
        ? "run the gate again later, or raise SCAN_DEADLINE"
        : "let the repository scan on push, or start a scan";
    return `${reason}, after ${seconds} s; ${remedy}`;
}
