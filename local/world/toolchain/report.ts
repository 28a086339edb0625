import type { Pace, Step } from "./pace";

/** Function that takes one line of progress for the person who waits. */
export type Report = (message: string) => void;

/** Interval between reports of a running step, in milliseconds. */
const interval = 15_000;

/** Formats the time since `started` (milliseconds of Date.now) for people, such as `45 s` or `2 min 31 s`. */
export function elapsedSince(started: number): string {
    return duration((Date.now() - started) / 1000);
}

/** Formats a duration in seconds for people, such as `45 s` or `2 min 31 s`. */
function duration(exactSeconds: number): string {
    const seconds = Math.round(exactSeconds);
    return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Rounds an estimate in seconds for people: whole steps of 5 s, or of half a minute from two minutes on. */
export function roughly(seconds: number): string {
    const step = seconds < 120 ? 5 : 30;
    return `about ${duration(Math.max(Math.round(seconds / step), 1) * step)}`.replace(" 0 s", "");
}

/** Renders the line about a running step, with its remaining time; times in seconds. */
export function progressLine(what: string, elapsed: number, estimate: number): string {
    const left = estimate - elapsed;
    return left > 0
        ? `${what} … ${duration(elapsed)}, ${roughly(left)} left`
        : `${what} … ${duration(elapsed)}, longer than the estimate of ${roughly(estimate).replace("about ", "")}`;
}

/**
 * Announces a step with its estimate, repeats the announcement with the remaining time, and reports its end.
 *
 * @param pace source of the estimate, which learns from the step
 */
export async function withProgress<T>(report: Report, pace: Pace, step: Step, action: () => Promise<T>): Promise<T> {
    const started = Date.now();
    const estimate = pace.estimate(step);
    const elapsed = () => (Date.now() - started) / 1000;
    report(`${step.what} (${roughly(estimate)}, once) …`);
    const timer = setInterval(() => report(progressLine(step.what, elapsed(), estimate)), interval);
    try {
        const result = await action();
        await pace.learn(step, elapsed());
        report(`${step.what} took ${duration(elapsed())}`);
        return result;
    } finally {
        clearInterval(timer);
    }
}
