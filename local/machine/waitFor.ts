import { setTimeout as delay } from "node:timers/promises";

/** How often (milliseconds) a condition on this machine is looked at again. */
const localInterval = 20;

/**
 * Waits until a condition gives a value.
 *
 * @param condition looked at repeatedly; undefined means not yet
 * @param deadline how long to wait, in milliseconds
 * @param interval how often the condition is looked at again, in milliseconds
 * @returns the value, or undefined when the time is over
 * @throws the signal's reason when aborted, and what the condition throws
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
