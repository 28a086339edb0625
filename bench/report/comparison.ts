import { median, type ResultRow } from "./result";
import type { Sides } from "./sides";
import type { Cells } from "./tables";

/** Our figures of one case, and those of the fastest published strategy. */
export interface Comparison {
    ours: ResultRow;
    best: ResultRow;
}

/** Finds the fastest published strategy of each of our rows; a row that no published strategy has is left out. */
export function compare(rows: ResultRow[], { ours, published }: Sides): Comparison[] {
    return rows
        .filter(({ strategy }) => strategy === ours)
        .flatMap((row) => {
            const [best] = rows
                .filter((one) => one.workload === row.workload && one.case === row.case)
                .filter(({ strategy }) => published.includes(strategy))
                .sort((a, b) => median(a.seconds) - median(b.seconds));
            return best === undefined ? [] : [{ ours: row, best }];
        });
}

/** Lays comparisons out as a table. @param names cells that name a row, by their column */
export function comparisonCells(comparisons: Comparison[], names: ("workload" | "case")[]): Cells {
    return {
        head: [...names, "this project", "MB read", "best published strategy", "MB read", "times as fast"],
        rows: comparisons.map(({ ours, best }) => [
            ...names.map((name) => ours[name]),
            secondsText(ours),
            ours.mbDown.toFixed(1),
            `${secondsText(best)}: ${best.strategy}`,
            best.mbDown.toFixed(1),
            timesText(median(best.seconds) / median(ours.seconds)),
        ]),
    };
}

function secondsText({ seconds }: ResultRow): string {
    return `${median(seconds).toFixed(1)} s`;
}

function timesText(times: number): string {
    return times >= 10 ? times.toFixed(0) : times.toFixed(1);
}
