import assert from "node:assert/strict";
import { methodText, resultsPage, type Results } from "../../../bench/report/page";

describe("bench: the method", () => {
    const results: Results = {
        workload: "go",
        description: "A server.",
        method: {
            date: "2026-01-02T03:04:05.678Z",
            machine: "2 processors, 4 GiB, Node v20.0.0",
            runs: 3,
            link: "15 ms for each request",
            hosts: "a new ext4 file system each",
            strategies: { fast: "Quick.", ours: "Ours." },
            cases: { cold: "The first." },
        },
        rows: [],
        goals: [],
    };
    const other: Results = {
        ...results,
        workload: "node",
        method: { ...results.method, date: "2026-02-03T04:05:06.789Z", runs: 5, strategies: { late: "Late." } },
    };
    const conditions =
        "2 processors, 4 GiB, Node v20.0.0. Runs: 3. Line: 15 ms for each request. Hosts: a new ext4 file system each.";

    const lines = [
        `- go: 2026-01-02T03:04:05.678Z, ${conditions}`,
        `- node: 2026-02-03T04:05:06.789Z, ${conditions.replace("3", "5")}`,
    ];

    it("has the rules of all figures in the terminal", () => {
        const [first, second, rule] = methodText([results, other]).split("\n");
        assert.deepEqual([first, second], lines);
        assert.match(rule!, /^- Each build has an empty host: /);
    });

    it("has the conditions of each workload on the page, and the strategies and cases of all", () => {
        const page = resultsPage([results, other], { ours: "ours", layers: "layers", published: [] }, "results");
        const paragraphs = page.split("\n\n");
        const method = paragraphs.slice(paragraphs.indexOf("## Method"));
        assert.equal(method[2], lines.join("\n"));
        assert.deepEqual(method.slice(-2), [
            "| strategy | description |\n| --- | --- |\n| fast | Quick. |\n| ours | Ours. |\n| late | Late. |",
            "| case | description |\n| --- | --- |\n| cold | The first. |",
        ]);
        assert.ok(paragraphs.includes("![node-down](results/node-down.svg)"));
    });
});
