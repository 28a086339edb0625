/** Phases of a commit's way to its users. */
export const phases = {
    lookup: "what exists already is looked up, and the registry logged in to",
    build: "caches are fetched and the image is built, up to its export",
    push: "the image and caches are exported and pushed; in the pipeline a part of `build`",
    gates: "the scan gate, the release to the first environment and the comparison for the approval; in the pipeline only",
    record: "the release is written to Parameter Store, and what follows the last answer of the service",
    pull: "the host is told, reads what it needs, and has pulled the image",
    start: "up to the start of the container that serves, with everything that is done before",
    health: "from there to its first answer to a request",
} as const;

/** One of {@link phases}. */
export type Phase = keyof typeof phases;

/** Moment at which a phase, or a part of it, was over. */
export interface Mark {
    phase: Phase;
    /** Time in milliseconds since the epoch. */
    at: number;
}

/** Duration of a commit's way. */
export interface LineMeasurement {
    /** Seconds of each phase. */
    seconds: Record<Phase, number>;
    /** Seconds from the commit to the first answer of the new container. */
    live: number;
    /** Seconds from the commit to the end of the last command. */
    total: number;
    /** Requests that a client made while deploying, and those of them without a good answer. */
    requests: number;
    failed: number;
    /** Longest time without an answer, in seconds. */
    longestGapSeconds: number;
}

/**
 * Divides the time since a commit: each mark gives its phase the time since the mark before it.
 *
 * @param started start in milliseconds since the epoch
 * @throws Error when the marks are not in the order of their times
 */
export function divideTime(started: number, marks: Mark[]): Pick<LineMeasurement, "seconds" | "live" | "total"> {
    const seconds = Object.fromEntries(Object.keys(phases).map((phase) => [phase, 0])) as Record<Phase, number>;
    let before = started;
    for (const { phase, at } of marks) {
        if (at < before) throw new Error(`The phase ${phase} ended ${before - at} ms before the one that precedes it.`);
        seconds[phase] += (at - before) / 1000;
        before = at;
    }
    const healthy = marks.findLast(({ phase }) => phase === "health");
    if (healthy === undefined) throw new Error("Nothing says when the new container answered.");
    return { seconds, live: (healthy.at - started) / 1000, total: (before - started) / 1000 };
}
