import assert from "node:assert/strict";
import { lineCells } from "../../../bench/line/results";

describe("bench: results of the line", () => {
    it("are medians of the phases, and sums of the requests", () => {
        const seconds = { lookup: 1, build: 2, push: 3, gates: 4, record: 5, pull: 6, start: 7, health: 8 };
        const run = (live: number, failed: number) => ({
            ...{ seconds, live, total: live + 1, requests: 100, failed, longestGapSeconds: failed / 10 },
        });
        const { head, rows } = lineCells([{ line: "ours", runs: [run(20, 1), run(24, 3), run(22, 2)] }]);
        assert.deepEqual(rows, [
            [
                ...["ours", "1.0", "2.0", "3.0", "4.0", "5.0", "6.0", "7.0", "8.0"],
                ...["22.0", "20.0–24.0", "23.0", "6 of 300", "0.3 s"],
            ],
        ]);
        assert.deepEqual(head.slice(0, 9), [
            "line",
            "lookup",
            "build",
            "push",
            "gates",
            "record",
            "pull",
            "start",
            "health",
        ]);
    });
});
