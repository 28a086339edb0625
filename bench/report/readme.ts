import { compare, comparisonCells } from "./comparison";
import type { Results } from "./page";
import type { Sides } from "./sides";
import { definitions, markdownTable } from "./tables";

/** Rows of the table in README.md, in their order. */
const summary = {
    workload: "python",
    cases: ["code line", "dependency", "revert", "other branch", "cold"],
};

/** Renders the results for README.md: five cases of one workload, and the published strategies. */
export function readmeSection(all: Results[], sides: Sides): string {
    const { description, method, rows } = all.find(({ workload }) => workload === summary.workload)!;
    const comparisons = compare(rows, sides);
    const shown = summary.cases.flatMap((name) => comparisons.filter(({ ours }) => ours.case === name));
    const goals = all.flatMap((one) => one.goals);
    const met = goals.filter(({ isMet }) => isMet).length;
    const strategies = Object.entries(method.strategies).filter(([name]) => sides.published.includes(name));
    return [
        markdownTable(comparisonCells(shown, ["case"])),
        `Workload: ${description} Medians of ${method.runs} ${method.runs === 1 ? "run" : "runs"} on ${method.machine}; each build on an empty host. ${met} of ${goals.length} goals were met. [All workloads, cases, goals and the method](docs/benchmark.md).`,
        markdownTable(definitions("strategy", Object.fromEntries(strategies))),
    ].join("\n\n");
}
