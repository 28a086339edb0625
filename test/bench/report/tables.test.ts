import assert from "node:assert/strict";
import { barChart } from "../../../bench/report/charts";
import { markdownTable, spread, terminalTable } from "../../../bench/report/tables";
import { resultRow } from "./rows";

describe("bench: tables and charts", () => {
    const cells = {
        head: ["case", "seconds"],
        rows: [
            ["code|line", "1.0"],
            ["cold", "20.0"],
        ],
    };

    it("show the smallest and the largest value", () => assert.equal(spread([3, 1.04, 2]), "1.0–3.0"));

    it("are written in Markdown", () => {
        assert.equal(markdownTable(cells), "| case | seconds |\n| --- | --- |\n| code\\|line | 1.0 |\n| cold | 20.0 |");
    });

    it("are written for the terminal", () => {
        assert.equal(
            terminalTable(cells),
            [
                "┌───────────┬─────────┐",
                "│ case      │ seconds │",
                "├───────────┼─────────┤",
                "│ code|line │ 1.0     │",
                "├───────────┼─────────┤",
                "│ cold      │ 20.0    │",
                "└───────────┴─────────┘",
            ].join("\n"),
        );
    });

    it("are drawn with a bar for each row", () => {
        const row = (strategy: string, name: string, seconds: number) => resultRow(strategy, "go", name, [seconds]);
        const rows = [row("ours", "cold", 20), row("ours", "code line", 1), row("other", "cold", 21)];
        const svg = barChart("go: wall time", "seconds", rows, ({ seconds }) => seconds[0]!);
        assert.match(svg, /^<svg [^>]*width="960" height="420"/);
        for (const text of ["go: wall time", "cold", "code line", "ours", "other"]) assert.ok(svg.includes(text), text);
        assert.equal([...svg.matchAll(/ecmeta_ssr_type="chart"/g)].length, rows.length);
    });
});
