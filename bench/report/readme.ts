import * as fs from "node:fs/promises";
import * as prettier from "prettier";
import { median, type ResultRow } from "./result";
import type { Results } from "./page";
import { type Cells, markdownTable } from "./tables";

/** What stands around the results in README.md. */
const marks = {
    begin: "<!-- Written by `npm run bench`, not to be edited. -->",
    end: "<!-- The end of what `npm run bench` writes. -->",
};

/** Which rows are whose. */
export interface Sides {
    /** Name of our strategy. */
    ours: string;
    /** Names of the published strategies. */
    published: string[];
}

/** Puts the results into README.md, in the format of all files here. @throws Error for a file without the marks */
export async function writeReadme(file: string, results: Results, sides: Sides): Promise<void> {
    await fs.writeFile(file, await withResults(file, await fs.readFile(file, "utf8"), results, sides));
}

/** The text of README.md with these results. @param file whose place decides on the format */
export async function withResults(file: string, text: string, results: Results, sides: Sides): Promise<string> {
    const [before, rest] = text.split(marks.begin);
    const after = rest?.split(marks.end)[1];
    if (before === undefined || after === undefined) {
        throw new Error(`${file} has no place for the results; it is between ${marks.begin} and ${marks.end}.`);
    }
    const section = [marks.begin, resultsSection(results, sides), marks.end].join("\n\n");
    const options = await prettier.resolveConfig(file);
    return prettier.format(`${before}${section}${after}`, { ...options, filepath: file });
}

function resultsSection({ method, rows, goals }: Results, sides: Sides): string {
    const charts = Object.keys(method.workloads).map(
        (workload) => `![${workload}: seconds by case and strategy](bench/results/${workload}-seconds.svg)`,
    );
    const met = goals.filter(({ isMet }) => isMet).length;
    return [
        markdownTable(comparisonCells(rows, sides)),
        `Medians of ${method.runs} ${method.runs === 1 ? "run" : "runs"} on ${method.machine}, ${method.date.slice(0, 10)}; each build on an empty host. ${met} of ${goals.length} goals were met. [All strategies, goals and the method](bench/results/results.md).`,
        ...charts,
    ].join("\n\n");
}

/** Ours beside the fastest of the published strategies, for each case of each workload. */
export function comparisonCells(rows: ResultRow[], { ours, published }: Sides): Cells {
    const seconds = (row: ResultRow) => median(row.seconds);
    const own = rows.filter(({ strategy }) => strategy === ours);
    return {
        head: ["workload", "case", "ours", "best published", "times as fast", "MB down, ours", "MB down, it"],
        rows: own.flatMap((row) => {
            const rivals = rows
                .filter((one) => one.workload === row.workload && one.case === row.case)
                .filter(({ strategy }) => published.includes(strategy))
                .sort((a, b) => seconds(a) - seconds(b));
            const [best] = rivals;
            if (best === undefined) return [];
            const times = seconds(best) / seconds(row);
            return [
                [
                    row.workload,
                    row.case,
                    `${seconds(row).toFixed(1)} s`,
                    `${seconds(best).toFixed(1)} s: ${best.strategy}`,
                    times >= 10 ? times.toFixed(0) : times.toFixed(1),
                    row.mbDown.toFixed(1),
                    best.mbDown.toFixed(1),
                ],
            ];
        }),
    };
}
