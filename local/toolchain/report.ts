/** Receives one line of progress for the person who waits. */
export type Report = (message: string) => void;

/** @returns the time since `started` (milliseconds of Date.now) for people, such as `45 s` or `2 min 31 s` */
export function elapsedSince(started: number): string {
    const seconds = Math.round((Date.now() - started) / 1000);
    return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/**
 * Announces something that takes a while, repeats the announcement with the elapsed time, and says when it is done.
 *
 * @param what what is being done, such as `building pulumi`
 * @param estimate how long it usually takes, such as `about 3 min`
 */
export async function withProgress<T>(
    report: Report,
    what: string,
    estimate: string,
    action: () => Promise<T>,
): Promise<T> {
    const started = Date.now();
    report(`${what} (${estimate}, once) …`);
    const timer = setInterval(() => report(`${what} … ${elapsedSince(started)}`), 15_000);
    try {
        const result = await action();
        report(`${what} took ${elapsedSince(started)}`);
        return result;
    } finally {
        clearInterval(timer);
    }
}
