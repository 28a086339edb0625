import { setTimeout as delay } from "node:timers/promises";

/** Interval (milliseconds) between looks at a condition on this machine. */
const localInterval = 20;

/**
 * Waits until a condition returns a value.
 *
 * @param condition function that is called repeatedly; undefined means not yet
 * @param deadline longest wait, in milliseconds
 * @param interval interval between calls, in milliseconds
 * @returns the value, or undefined when the time is over
 * @throws the signal's reason when aborted, and errors of the condition
 */
export async function waitFor<T>(
    condition: () => Promise<T | undefined> | T | undefined,
    deadline: number,
    signal?: AbortSignal,
    interval = localInterval,
): Promise<T | undefined> {
    const end = Date.now() + deadline;
    for (;;) {
        signal?.throwIfAborted();
        const value = await condition();
        if (value !== undefined || Date.now() >= end) return value;
        await delay(interval);
    }
}
