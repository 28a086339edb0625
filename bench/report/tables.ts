import Table from "cli-table3";
import type { GoalResult } from "./goals";
import { median, type ResultRow } from "./result";

/** Table as cells, to be shown on the terminal or in Markdown. */
export interface Cells {
    head: string[];
    rows: string[][];
}

/** Lays out the figures of each strategy in each case. */
export function resultCells(rows: ResultRow[]): Cells {
    return {
        head: [
            ...[
                "case",
                "strategy",
                "seconds",
                "spread",
                "MB read",
                "MB written",
                "layers pulled",
                "steps run",
                "packages",
            ],
            "MB to deploy",
        ],
        rows: rows.map((row) => [
            row.case,
            row.strategy,
            median(row.seconds).toFixed(1),
            spread(row.seconds),
            row.mbDown.toFixed(1),
            row.mbUp.toFixed(1),
            String(row.layersPulled),
            String(row.stepsRun),
            String(row.packages),
            row.pullMb?.toFixed(2) ?? "",
        ]),
    };
}

/** Lays out the goals, with the figures and whether they were met. */
export function goalCells(goals: GoalResult[]): Cells {
    return {
        head: ["workload", "case", "strategy", "goal", "measured", "met"],
        rows: goals.map((one) => [
            one.workload,
            one.case,
            one.strategy,
            one.goal,
            one.measured,
            one.isMet ? "yes" : "no",
        ]),
    };
}

/** Lays out names with their descriptions. @param kind heading of the names */
export function definitions(kind: string, descriptions: Record<string, string>): Cells {
    return { head: [kind, "description"], rows: Object.entries(descriptions) };
}

/** Renders the smallest and the largest value. */
export function spread(values: number[]): string {
    return `${Math.min(...values).toFixed(1)}–${Math.max(...values).toFixed(1)}`;
}

/** Renders a table for the terminal. */
export function terminalTable({ head, rows }: Cells): string {
    const table = new Table({ head, style: { head: [], border: [] } });
    table.push(...rows);
    return table.toString();
}

/** Renders a table in Markdown. */
export function markdownTable({ head, rows }: Cells): string {
    const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
    return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
