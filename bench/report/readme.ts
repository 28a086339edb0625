import { compare, comparisonCells, type Sides } from "./comparison";
import type { Results } from "./page";
import { definitions, markdownTable } from "./tables";

/** Rows of the table in README.md, in their order. */
const summary = {
    workload: "python",
    cases: ["code line", "dependency", "revert", "other branch", "cold"],
};

/** Renders the results for README.md: five cases of one workload, and the published strategies. */
export function readmeSection({ method, rows, goals }: Results, sides: Sides): string {
    const comparisons = compare(rows, sides).filter(({ ours }) => ours.workload === summary.workload);
    const shown = summary.cases.flatMap((name) => comparisons.filter(({ ours }) => ours.case === name));
    const met = goals.filter(({ isMet }) => isMet).length;
    const strategies = Object.entries(method.strategies).filter(([name]) => sides.published.includes(name));
    return [
        markdownTable(comparisonCells(shown, ["case"])),
        `Workload: ${method.workloads[summary.workload]} Medians of ${method.runs} ${method.runs === 1 ? "run" : "runs"} on ${method.machine}; each build on an empty host. ${met} of ${goals.length} goals were met. [All workloads, cases, goals and the method](docs/benchmark.md).`,
        markdownTable(definitions("strategy", Object.fromEntries(strategies))),
    ].join("\n\n");
}
