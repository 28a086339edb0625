import assert from "node:assert/strict";
import * as fs from "node:fs";
import { compare, comparisonCells } from "../../../bench/report/comparison";
import { withMarked } from "../../../bench/report/marked";
import type { Results } from "../../../bench/report/page";
import { readmeSection } from "../../../bench/report/readme";
import { benchmarkPage, benchmarkSection, readmePage, resultsDirectory } from "../../../bench/report/write";
import { ours, strategies } from "../../../bench/strategies";
import { resultRow } from "./rows";

const published = strategies.filter(({ writeUp }) => writeUp !== undefined).map(({ name }) => name);
const sides = { ours: ours.name, published };

const row = (strategy: string, seconds: number[], mbDown: number, name = "code line", workload = "go") =>
    resultRow(strategy, workload, name, seconds, { mbDown });

describe("bench: comparison", () => {
    it("shows ours beside the fastest published strategy of each case", () => {
        const rows = [row("slow", [50], 9), row("fast", [7, 9, 8], 200), row("no cache", [1], 1), row("ours", [2], 3)];
        const comparisons = compare(rows, { ours: "ours", published: ["slow", "fast"] });
        assert.deepEqual(comparisonCells(comparisons, ["workload", "case"]), {
            head: [
                "workload",
                "case",
                "this project",
                "MB read",
                "best published strategy",
                "MB read",
                "times as fast",
            ],
            rows: [["go", "code line", "2.0 s", "3.0", "8.0 s: fast", "200.0", "4.0"]],
        });
    });

    it("leaves out a case that no published strategy has", () => {
        assert.deepEqual(compare([row("ours", [2], 3)], { ours: "ours", published: ["fast"] }), []);
    });
});

describe("bench: summary in README.md", () => {
    const method = {
        ...{ date: "2026-01-02T03:04:05.678Z", machine: "2 processors", runs: 1, link: "", hosts: "" },
        strategies: { fast: "Quick. [Title](https://example.org) (Site)", "no cache": "Slow.", ours: "Ours." },
        workloads: { go: "A server.", python: "41 packages." },
        cases: {},
    };
    const goal = { strategy: "ours", workload: "python", case: "cold", goal: "", measured: "" };
    const goals = [
        { ...goal, isMet: true },
        { ...goal, isMet: false },
    ];

    it("has the rows of one workload in the order of the summary, and the published strategies", () => {
        const names = ["cold", "documentation", "code line"];
        const rows = ["python", "go"].flatMap((workload) =>
            names.flatMap((name) => [row("ours", [2], 3, name, workload), row("fast", [30], 200, name, workload)]),
        );
        assert.deepEqual(readmeSection({ method, rows, goals }, { ours: "ours", published: ["fast"] }).split("\n"), [
            "| case | this project | MB read | best published strategy | MB read | times as fast |",
            "| --- | --- | --- | --- | --- | --- |",
            "| code line | 2.0 s | 3.0 | 30.0 s: fast | 200.0 | 15 |",
            "| cold | 2.0 s | 3.0 | 30.0 s: fast | 200.0 | 15 |",
            "",
            "Workload: 41 packages. Medians of 1 run on 2 processors; each build on an empty host. 1 of 2 goals were met. [All workloads, cases, goals and the method](docs/benchmark.md).",
            "",
            "| strategy | description |",
            "| --- | --- |",
            "| fast | Quick. [Title](https://example.org) (Site) |",
        ]);
    });
});

describe("bench: pages", () => {
    const results = JSON.parse(fs.readFileSync(`${resultsDirectory}/latest.json`, "utf8")) as Results;

    it("need a place for the results", async () => {
        await assert.rejects(withMarked("README.md", "# Title\n", "results"), {
            message:
                "README.md has no place for the results; it is between <!-- Written by `npm run bench`, not to be edited. --> and <!-- The end of what `npm run bench` writes. -->.",
        });
    });

    const pages: [name: string, file: string, section: (results: Results) => string][] = [
        ["README.md", readmePage, (all) => readmeSection(all, sides)],
        ["docs/benchmark.md", benchmarkPage, (all) => benchmarkSection(all, sides)],
    ];
    for (const [name, file, section] of pages) {
        it(`${name} shows the results of bench/results/latest.json`, async () => {
            const text = fs.readFileSync(file, "utf8");
            assert.equal(await withMarked(file, text, section(results)), text);
        });
    }
});
