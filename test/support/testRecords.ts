import Table from "cli-table3";

/** Test or hook that ended. */
export interface TestRecord {
    /** File of the test, from the repository's root. */
    file: string;
    /** Titles of the suites and of the test itself. */
    title: string;
    /** Result of the test; `prepared` for a hook that did not fail. */
    result: "passed" | "failed" | "skipped" | "prepared";
    seconds: number;
}

/** Numbers of tests that passed, failed and were skipped. */
export interface Counts {
    passed: number;
    failed: number;
    skipped: number;
}

/** Counts the tests among the records. */
export function countsOf(records: TestRecord[]): Counts {
    const count = (result: TestRecord["result"]) => records.filter((one) => one.result === result).length;
    return { passed: count("passed"), failed: count("failed"), skipped: count("skipped") };
}

/**
 * Sums up records by group, with the seconds that tests and their hooks took; tests that ran at the same time each count.
 *
 * @param groupOf the group of a file
 */
export function groupTable(records: TestRecord[], groupOf: (file: string) => string): string {
    const table = new Table({ head: ["group", "passed", "failed", "seconds"], style: { head: [], border: [] } });
    for (const group of new Set(records.map(({ file }) => groupOf(file)))) {
        const some = records.filter(({ file }) => groupOf(file) === group);
        const { passed, failed } = countsOf(some);
        const seconds = some.reduce((sum, record) => sum + record.seconds, 0);
        table.push([group, passed, failed, seconds.toFixed(1)]);
    }
    return table.toString();
}

/** Lists the slowest tests and hooks, the slowest first. */
export function slowest(records: TestRecord[], count: number): string {
    const sorted = [...records].sort((a, b) => b.seconds - a.seconds).slice(0, count);
    return sorted
        .map(({ seconds, file, title }) => `${seconds.toFixed(1).padStart(6)} s  ${file}: ${title}`)
        .join("\n");
}
