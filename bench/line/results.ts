import * as fs from "node:fs/promises";
import * as path from "node:path";
import { drawBars } from "../report/charts";
import { median } from "../report/result";
import { type Cells, definitions, markdownTable, spread } from "../report/tables";
import { type LineMeasurement, type Phase, phases } from "./phases";

/** Times of a line, over all runs. */
export interface LineRow {
    line: string;
    /** Measurements of the runs. */
    runs: LineMeasurement[];
}

/** Results of all measurements; the content of latest.json. */
export interface LineResults {
    /** End of the measurements: ISO 8601, UTC. */
    date: string;
    /** Machine: processors, memory, versions. */
    machine: string;
    /** Line to all servers, in words. */
    link: string;
    /** Descriptions by name. */
    lines: Record<string, string>;
    rows: LineRow[];
}

/** Conditions of every figure. */
const rules = [
    "A changed line of code of the sample application; the same line has brought another one there before. Builds have an empty host, whose BuildKit starts with them; the container host runs the application and its database.",
    "Phases follow each other, and each ends with an event: the answer to the lookup, the builder's line at the beginning of the last export, its end, Docker's events `pull` and `start`, the first good answer to a request that began after the start, and the end of the deploy script. `record` is before `pull` where the release is written before it is deployed, and ends with the script.",
    "`live` is from the first command to the first answer of the new container, `all` to the end of the last command. Seconds are medians, with the smallest and the largest value of `live`. Failed requests are those of all runs, of a client that asks without a pause, one port and one host.",
    "The delivery pipeline is measured at its second environment. Both environments are on one container host, which pulls an image once: for the first one, in `gates`.",
    "The published pipeline also copies its compose file by scp and asks for the instance's region; both are left out here. A document with the same commands stands for AWS-RunShellScript. This pipeline checks no health: its container answers when it can.",
];

const chart = "line-seconds.svg";
const names = Object.keys(phases) as Phase[];

/** Lays out the rows as a table. */
export function lineCells(rows: LineRow[]): Cells {
    return {
        head: ["line", ...names, "live", "spread", "all", "requests failed", "longest gap"],
        rows: rows.map(({ line, runs }) => {
            const middle = (value: (run: LineMeasurement) => number) => median(runs.map(value)).toFixed(1);
            const sum = (value: (run: LineMeasurement) => number) => runs.reduce((all, run) => all + value(run), 0);
            return [
                line,
                ...names.map((name) => middle(({ seconds }) => seconds[name])),
                middle(({ live }) => live),
                spread(runs.map(({ live }) => live)),
                middle(({ total }) => total),
                `${sum(({ failed }) => failed)} of ${sum(({ requests }) => requests)}`,
                `${Math.max(...runs.map(({ longestGapSeconds }) => longestGapSeconds)).toFixed(1)} s`,
            ];
        }),
    };
}

/** Renders the results as a page. */
function linePage({ date, machine, link, lines, rows }: LineResults): string {
    return [
        "# From commit to live",
        "Written by `npm run bench -- --line`; not to be edited.",
        `![seconds of each phase](${chart})`,
        markdownTable(lineCells(rows)),
        "## Method",
        `${date}, ${machine}. Runs: ${rows[0]?.runs.length ?? 0}. Line: ${link}.`,
        rules.map((rule) => `- ${rule}`).join("\n"),
        markdownTable(definitions("phase", phases)),
        markdownTable(definitions("line", lines)),
        "",
    ].join("\n\n");
}

/** Writes latest.json, results.md and the chart into a folder. */
export async function writeLineResults(folder: string, results: LineResults): Promise<void> {
    await fs.mkdir(folder, { recursive: true });
    await fs.writeFile(path.join(folder, "latest.json"), `${JSON.stringify(results, undefined, 2)}\n`);
    await fs.writeFile(path.join(folder, "results.md"), linePage(results));
    const bars = results.rows.flatMap(({ line, runs }) =>
        names.map((name) => ({ group: name, series: line, value: median(runs.map(({ seconds }) => seconds[name])) })),
    );
    await fs.writeFile(path.join(folder, chart), drawBars("from commit to live", "seconds", bars));
}
