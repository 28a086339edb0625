import { type Combination, titleOf } from "./combinations";

/** Commands of the suites, by name; each runs in a clone of its own. */
export const suites = {
    types: ["tsc", "--noEmit"],
    unit: ["node", "local/bootstrap.js", "test/run.ts", "unit"],
    engine: ["node", "local/bootstrap.js", "test/run.ts", "engine"],
} satisfies Record<string, string[]>;

/** Name of a suite. */
export type Suite = keyof typeof suites;

/** Numbers of tests that passed, failed and were skipped. */
interface Counts {
    passed: number;
    failed: number;
    skipped: number;
}

/** Result of a suite with one combination. */
export interface Result extends Counts {
    versions: Combination;
    suite: Suite;
    seconds: number;
    /** Day of the run, as 2026-01-31. */
    date: string;
    /** Machine of the run: its processors and memory. */
    machine: string;
}

/** Outcome of a suite's command. */
export interface Outcome extends Counts {
    /** Files and titles of the tests that failed; empty where the command names none. */
    failures: string[];
}

/**
 * Reads the outcome from what a suite's command printed. A command without numbers of tests counts as one test, and so does one that
 * broke off.
 */
export function outcomeOf(output: string, exitCode: number): Outcome {
    const [, passed, failed, skipped] =
        /^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?\s*$/m.exec(lastLine(output)) ?? [];
    const broken = exitCode === 0 ? 0 : 1;
    if (failed === undefined) return { passed: 1 - broken, failed: broken, skipped: 0, failures: [] };
    const failures = /^Failed:\n((?:.+\n)+)/m.exec(output)?.[1]?.trimEnd().split("\n") ?? [];
    return {
        passed: Number(passed),
        failed: Math.max(Number(failed), broken),
        skipped: Number(skipped ?? 0),
        failures,
    };
}

function lastLine(output: string): string {
    return output.trimEnd().split("\n").at(-1) ?? "";
}

/**
 * Adds a result to earlier ones: it replaces that of the same versions and suite, and results of versions that are no longer tested are
 * dropped.
 */
export function withResult(earlier: Result[], result: Result, combinations: Combination[]): Result[] {
    const isOf = (combination: Combination, suite: string) => (one: Result) =>
        titleOf(one.versions) === titleOf(combination) && one.suite === suite;
    const all = [result, ...earlier];
    return combinations.flatMap((combination) =>
        Object.keys(suites).flatMap((suite) => all.find(isOf(combination, suite)) ?? []),
    );
}
