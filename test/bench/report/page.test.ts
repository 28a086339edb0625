import assert from "node:assert/strict";
import { methodText, resultsPage, type Results } from "../../../bench/report/page";

describe("bench: the method", () => {
    const results: Results = {
        method: {
            date: "2026-01-02T03:04:05.678Z",
            machine: "2 processors, 4 GiB, Node v20.0.0",
            runs: 3,
            link: "15 ms for each request",
            hosts: "a new ext4 file system each",
            strategies: {},
            workloads: {},
            cases: {},
        },
        rows: [],
        goals: [],
    };
    const conditions =
        "2 processors, 4 GiB, Node v20.0.0. Runs: 3. Line: 15 ms for each request. Hosts: a new ext4 file system each.";

    it("has the rules of all figures in the terminal", () => {
        const [first, ...rules] = methodText(results).split("\n");
        assert.equal(first, conditions);
        assert.match(rules[0]!, /^Each build has an empty host: /);
    });

    it("has the same conditions on the page, with the date", () => {
        const paragraphs = resultsPage(results, { ours: "ours", published: [] }, []).split("\n\n");
        assert.equal(paragraphs[paragraphs.indexOf("## Method") + 1], `2026-01-02T03:04:05.678Z, ${conditions}`);
    });
});
