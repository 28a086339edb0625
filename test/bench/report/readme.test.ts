import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Results } from "../../../bench/report/page";
import { comparisonCells, withResults } from "../../../bench/report/readme";
import { ours, strategies } from "../../../bench/strategies";
import { projectRoot } from "../../../local/paths";
import { resultRow } from "./rows";

const readme = path.join(projectRoot, "README.md");
const published = strategies.filter(({ isPublished }) => isPublished).map(({ name }) => name);

const row = (strategy: string, seconds: number[], mbDown: number) =>
    resultRow(strategy, "go", "code line", seconds, { mbDown });

describe("bench: results in README.md", () => {
    it("compare ours with the fastest published strategy of each case", () => {
        const rows = [row("slow", [50], 9), row("fast", [7, 9, 8], 200), row("no cache", [1], 1), row("ours", [2], 3)];
        assert.deepEqual(comparisonCells(rows, { ours: "ours", published: ["slow", "fast"] }).rows, [
            ["go", "code line", "2.0 s", "8.0 s: fast", "4.0", "3.0", "200.0"],
        ]);
    });

    it("leave out a case that no published strategy has", () => {
        assert.deepEqual(comparisonCells([row("ours", [2], 3)], { ours: "ours", published: ["fast"] }).rows, []);
    });

    it("need their place", async () => {
        const results = { method: {}, rows: [], goals: [] } as unknown as Results;
        await assert.rejects(withResults("README.md", "# Title\n", results, { ours: "ours", published: [] }), {
            message:
                "README.md has no place for the results; it is between <!-- Written by `npm run bench`, not to be edited. --> and <!-- The end of what `npm run bench` writes. -->.",
        });
    });

    it("are those of bench/results, as the benchmark wrote them", async () => {
        const file = path.join(projectRoot, "bench/results/latest.json");
        const results = JSON.parse(fs.readFileSync(file, "utf8")) as Results;
        const text = fs.readFileSync(readme, "utf8");
        assert.equal(await withResults(readme, text, results, { ours: ours.name, published }), text);
    });
});
