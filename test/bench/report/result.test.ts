import assert from "node:assert/strict";
import { median } from "../../../bench/report/result";

describe("bench: results", () => {
    const medians: [values: number[], expected: number][] = [
        [[3], 3],
        [[9, 1, 5], 5],
        [[4, 1, 2, 10], 3],
    ];
    for (const [values, expected] of medians) {
        it(`have ${expected} as the median of ${values.join(", ")}`, () => assert.equal(median(values), expected));
    }

    it("have no median of nothing", () => {
        assert.throws(() => median([]), { message: "There is no median of no values." });
    });
});
