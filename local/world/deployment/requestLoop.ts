import { setTimeout as delay } from "node:timers/promises";

/** Counts of a client's requests to a service. */
export interface RequestCounts {
    requests: number;
    failed: number;
    /** Seconds from the last answer before the longest row of failed requests to the first answer after it. */
    longestGapSeconds: number;
}

/** Pause (milliseconds) between two requests, and the time limit of one. */
const rhythm = { pause: 20, timeout: 5_000 };

/**
 * Sends requests to an address, one after the other, each over a connection of its own.
 *
 * @returns a function that ends the loop and returns the counts
 */
export function startRequestLoop(url: string): () => Promise<RequestCounts> {
    const counts: RequestCounts = { requests: 0, failed: 0, longestGapSeconds: 0 };
    let lastAnswer = performance.now();
    let running = true;
    const loop = async () => {
        while (running) {
            counts.requests += 1;
            if (await answers(url)) {
                const now = performance.now();
                if (counts.failed > failedBefore) {
                    counts.longestGapSeconds = Math.max(counts.longestGapSeconds, (now - lastAnswer) / 1000);
                }
                failedBefore = counts.failed;
                lastAnswer = now;
            } else {
                counts.failed += 1;
            }
            await delay(rhythm.pause);
        }
    };
    let failedBefore = 0;
    const ended = loop();
    return async () => {
        running = false;
        await ended;
        return counts;
    };
}

/** Tells whether an address answers with a status below 400. */
export async function answers(url: string): Promise<boolean> {
    try {
        const signal = AbortSignal.timeout(rhythm.timeout);
        const response = await fetch(url, { signal, headers: { connection: "close" } });
        await response.arrayBuffer();
        return response.ok;
    } catch {
        return false;
    }
}
