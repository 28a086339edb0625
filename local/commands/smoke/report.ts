import * as fs from "node:fs/promises";
import * as path from "node:path";
import Table from "cli-table3";
import type { Leftover } from "./leftovers";

/** Result of one check. */
export interface CheckResult {
    check: string;
    status: "passed" | "failed" | "not run";
    /** Findings: digests and counts, or the error. */
    detail: string;
    seconds: number;
}

/** Result of a run, in the form that is written and sent to others: without the account's number. */
export interface SmokeResult {
    stack: string;
    region: string;
    /** Start of the run, in ISO 8601. */
    date: string;
    /** Whether no check failed, no resource is left, and nobody interrupted the run. */
    passed: boolean;
    checks: CheckResult[];
    leftovers: Leftover[];
}

/** Renders the checks as a table for people. */
export function resultTable({ checks }: SmokeResult): string {
    const table = new Table({
        head: ["check", "status", "seconds", "detail"],
        colWidths: [null, null, null, 70],
        wordWrap: true,
        wrapOnWordBoundary: false,
        style: { head: [], border: [] },
    });
    table.push(...checks.map(({ check, status, seconds, detail }) => [check, status, seconds.toFixed(1), detail]));
    return table.toString();
}

/** Lists remedies for leftover resources; empty where there are none. */
export function leftoverAdvice({ stack, leftovers }: SmokeResult): string[] {
    if (leftovers.length === 0) return [];
    return [
        `${leftovers.length} resources of ${stack} are left. Run the command again with --stack ${stack}, which goes on and cleans up, or remove them by hand:`,
        ...leftovers.map(({ remove }) => `  ${remove}`),
    ];
}

/** Renders the run as a page. */
export function resultPage(result: SmokeResult): string {
    const cell = (text: string) => text.replaceAll("|", "\\|").replace(/\s*\n\s*/g, " ");
    const rows = result.checks.map(({ check, status, seconds, detail }) =>
        ["", cell(check), status, seconds.toFixed(1), cell(detail), ""].join(" | ").trim(),
    );
    return [
        `# Smoke run of ${result.date}`,
        "",
        `Stack ${result.stack} in ${result.region}: ${result.passed ? "passed" : "failed"}.`,
        "",
        "| check | status | seconds | detail |",
        "| --- | --- | --- | --- |",
        ...rows,
        ...leftoverAdvice(result).flatMap((line) => ["", line.trim()]),
        "",
    ].join("\n");
}

/** Writes result.json and result.md. @returns their paths */
export async function writeResult(folder: string, result: SmokeResult): Promise<string[]> {
    const contents = { "result.json": `${JSON.stringify(result, undefined, 4)}\n`, "result.md": resultPage(result) };
    return Promise.all(
        Object.entries(contents).map(async ([name, content]) => {
            const file = path.join(folder, name);
            await fs.writeFile(file, content, { mode: 0o600 });
            return file;
        }),
    );
}
