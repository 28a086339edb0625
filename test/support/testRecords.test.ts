import assert from "node:assert/strict";
import { countsOf, groupTable, slowest, type TestRecord } from "./testRecords";

const record = (file: string, result: TestRecord["result"], seconds: number, title = "title"): TestRecord => ({
    file,
    title,
    result,
    seconds,
});

describe("records of a test run", () => {
    const records = [
        record("test/engine/a.test.ts", "prepared", 8, "before"),
        record("test/engine/a.test.ts", "passed", 2.5, "a builds"),
        record("test/infra/b.test.ts", "failed", 0.25, "b fails"),
        record("test/engine/c.test.ts", "skipped", 0, "c"),
    ];

    it("count tests, and no hooks that passed", () => {
        assert.deepEqual(countsOf(records), { passed: 1, failed: 1, skipped: 1 });
    });

    it("add up seconds by group, hooks included", () => {
        const rows = groupTable(records, (file) => file.split("/")[1]!)
            .split("\n")
            .filter((line) => /engine|infra/.test(line))
            .map((line) => line.split("│").map((cell) => cell.trim()));
        assert.deepEqual(rows, [
            ["", "engine", "1", "0", "10.5", ""],
            ["", "infra", "0", "1", "0.3", ""],
        ]);
    });

    it("name the slowest first, and not more than asked for", () => {
        assert.equal(
            slowest(records, 2),
            "   8.0 s  test/engine/a.test.ts: before\n   2.5 s  test/engine/a.test.ts: a builds",
        );
    });
});
