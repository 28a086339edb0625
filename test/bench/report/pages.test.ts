import assert from "node:assert/strict";
import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { compare, comparisonCells } from "../../../bench/report/comparison";
import { withMarked } from "../../../bench/report/marked";
import type { Results } from "../../../bench/report/page";
import { readmeSection } from "../../../bench/report/readme";
import type { ResultRow } from "../../../bench/report/result";
import { type Sides, sides } from "../../../bench/report/sides";
import {
    benchmarkSection,
    published,
    publishResults,
    readResults,
    resultsDirectory,
    writeResults,
} from "../../../bench/report/write";
import { projectRoot } from "../../../local/paths";
import { resultRow } from "./rows";

const fewSides: Sides = { ours: "ours", layers: "layers", published: ["slow", "fast"] };

const row = (strategy: string, seconds: number[], mbDown: number, name = "code line", workload = "go") =>
    resultRow(strategy, workload, name, seconds, { mbDown });

describe("bench: comparison", () => {
    it("shows ours beside the fastest published strategy of each case", () => {
        const rows = [row("slow", [50], 9), row("fast", [7, 9, 8], 200), row("no cache", [1], 1), row("ours", [2], 3)];
        const comparisons = compare(rows, fewSides);
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
        assert.deepEqual(compare([row("ours", [2], 3)], fewSides), []);
    });
});

describe("bench: summary in README.md", () => {
    const method = {
        ...{ date: "2026-01-02T03:04:05.678Z", machine: "2 processors", runs: 1, link: "", hosts: "" },
        strategies: { fast: "Quick. [Title](https://example.org) (Site)", "no cache": "Slow.", ours: "Ours." },
        cases: {},
    };
    const goal = { strategy: "ours", workload: "python", case: "cold", goal: "", measured: "" };
    const resultsOf = (workload: string, description: string, rows: ResultRow[], isMet: boolean): Results => ({
        ...{ workload, description, method, rows },
        goals: [{ ...goal, isMet }],
    });

    it("has the rows of one workload in the order of the summary, and the published strategies", () => {
        const names = ["cold", "documentation", "code line"];
        const rowsOf = (workload: string) =>
            names.flatMap((name) => [row("ours", [2], 3, name, workload), row("fast", [30], 200, name, workload)]);
        const all = [
            resultsOf("go", "A server.", rowsOf("go"), true),
            resultsOf("python", "41 packages.", rowsOf("python"), false),
        ];
        assert.deepEqual(readmeSection(all, fewSides).split("\n"), [
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
    let folder: string;
    before(async () => {
        folder = await fs.mkdtemp(path.join(os.tmpdir(), "pages-"));
    });
    after(() => fs.rm(folder, { recursive: true }));

    it("need a place for the results", async () => {
        await assert.rejects(withMarked("README.md", "# Title\n", "results"), {
            message:
                "README.md has no place for the results; it is between <!-- Written by `npm run bench`, not to be edited. --> and <!-- The end of what `npm run bench` writes. -->.",
        });
    });

    const pages: [name: string, section: (all: Results[]) => string][] = [
        [published.readmePage, (all) => readmeSection(all, sides)],
        [published.benchmarkPage, benchmarkSection],
    ];
    for (const [name, section] of pages) {
        it(`${name} shows the results of bench/results`, async () => {
            const file = path.join(projectRoot, name);
            const text = await fs.readFile(file, "utf8");
            assert.equal(await withMarked(file, text, section(await readResults(resultsDirectory))), text);
        });
    }

    it("get the new results of one workload, and keep those of the others", async () => {
        // GIVEN a copy of what is published
        const repository = path.join(folder, "repository");
        const pathOf = (name: string) => path.join(repository, name);
        for (const name of [...pages.map(([page]) => page), published.results, ".prettierrc.json"]) {
            await fs.cp(path.join(projectRoot, name), pathOf(name), { recursive: true });
        }
        const results = await readResults(pathOf(published.results));
        const go = results.find(({ workload }) => workload === "go")!;
        const changed = { ...go, description: "Another server.", rows: go.rows.map((one) => ({ ...one, mbUp: 1234 })) };
        // WHEN
        await publishResults(changed, repository);
        // THEN
        const expected = results.map((one) => (one === go ? changed : one));
        assert.deepEqual(await readResults(pathOf(published.results)), expected);
        for (const [name, section] of pages) {
            const text = await fs.readFile(path.join(projectRoot, name), "utf8");
            assert.equal(
                await fs.readFile(pathOf(name), "utf8"),
                await withMarked(path.join(projectRoot, name), text, section(expected)),
            );
        }
        assert.match(await fs.readFile(pathOf(published.benchmarkPage), "utf8"), /\n\nAnother server\.\n\n/);
    });

    it("of unpublished results have the workloads of their folder, with their charts", async () => {
        const [first, second] = await readResults(resultsDirectory);
        const unpublished = path.join(folder, ".bench");
        for (const one of [second!, first!]) await writeResults(unpublished, one);
        const charts = [first!, second!].flatMap(({ workload }) => [`${workload}-down.svg`, `${workload}-seconds.svg`]);
        const data = [first!, second!].map(({ workload }) => `${workload}.json`);
        assert.deepEqual((await fs.readdir(unpublished)).sort(), [...charts, ...data, "results.md"].sort());
        const page = await fs.readFile(path.join(unpublished, "results.md"), "utf8");
        const headings = [first!, second!].map(({ workload }) => `## Workload ${workload}`);
        assert.deepEqual(page.match(/^## Workload .*$/gm), headings);
        assert.ok(page.includes(`](${first!.workload}-down.svg)`));
    });
});
