import assert from "node:assert/strict";
import { parseOptions } from "../../../bench/scale/options";

describe("bench: options of scale", () => {
    const cases: [args: string[], options: object][] = [
        [[], { images: [1, 10, 100], updates: [1, 10, 100], runs: 3, mocksOnly: false, isComplete: true }],
        [
            ["--updates", "10,1"],
            { images: [1, 10, 100], updates: [1, 10], runs: 3, mocksOnly: false, isComplete: true },
        ],
        [
            ["--images", "20,2", "--runs", "1"],
            { images: [2, 20], updates: [2, 20], runs: 1, mocksOnly: false, isComplete: false },
        ],
        [["--mocks"], { images: [1, 10, 100], updates: [], runs: 3, mocksOnly: true, isComplete: false }],
    ];
    for (const [args, options] of cases) {
        it(`reads "${args.join(" ")}"`, () => assert.deepEqual(parseOptions(args), options));
    }

    const wrong: [args: string[], message: string | RegExp][] = [
        [["--images", "1,x"], '--images is "x"; it must be a whole number above 0.'],
        [["--runs", "0"], '--runs is "0"; it must be a whole number above 0.'],
        [["--updates", "5"], "--updates has 5; it may have what --images has: 1, 10, 100."],
        [["--fast"], /Unknown option '--fast'/],
    ];
    for (const [args, message] of wrong) {
        it(`refuse ${args.join(" ")}`, () => assert.throws(() => parseOptions(args), { message }));
    }
});
