import assert from "node:assert/strict";
import { parseOptions } from "../../../bench/run/options";

const names = (list: { name: string }[]) => list.map(({ name }) => name);

describe("bench: options", () => {
    it("measure everything three times on the default line", () => {
        const options = parseOptions([]);
        assert.deepEqual(names(options.workloads), ["python", "go", "node", "monorepo", "streamlit"]);
        assert.deepEqual([options.strategies.length, options.cases.length, options.runs], [8, 10, 3]);
        assert.deepEqual(options.limits, {
            latencyMilliseconds: 15,
            streamBytesPerSecondDown: 80e6,
            streamBytesPerSecondUp: 40e6,
            bytesPerSecondDown: 160e6,
            bytesPerSecondUp: 160e6,
        });
    });

    it("measure less with --quick, which --runs and --case still change", () => {
        const quick = parseOptions(["--quick"]);
        assert.deepEqual(names(quick.workloads), ["python", "go"]);
        assert.deepEqual(names(quick.cases), ["cold", "nothing changed", "code line", "dependency", "revert"]);
        assert.equal(quick.runs, 1);
        const changed = parseOptions(["--quick", "--runs", "5", "--case", "lost cache"]);
        assert.deepEqual([names(changed.cases), changed.runs], [["lost cache"], 5]);
    });

    it("take several names, in the order of the tables", () => {
        const { workloads, limits } = parseOptions(["--workload", "node", "--workload", "go", "--rtt", "0.5"]);
        assert.deepEqual(names(workloads), ["go", "node"]);
        assert.equal(limits.latencyMilliseconds, 0.5);
    });

    it("measure the way of a commit with --line, as often as builds", () => {
        const { isLine, runs } = parseOptions(["--line"]);
        assert.deepEqual([isLine, runs, parseOptions([]).isLine], [true, 3, false]);
    });

    const complete: [args: string, isComplete: boolean][] = [
        ["", true],
        ["--workload go", true],
        ["--runs 5 --continue", true],
        ["--runs 2", false],
        ["--quick", false],
        ["--quick --runs 3", false],
        ["--strategy ours", false],
        ["--case cold", false],
        ["--rtt 1", false],
        ["--total 160", true],
    ];
    for (const [args, isComplete] of complete) {
        it(`${isComplete ? "replace" : "do not replace"} published results with ${args || "none of them"}`, () =>
            assert.equal(parseOptions(args.split(" ").filter((one) => one !== "")).isComplete, isComplete));
    }

    const wrong: [args: string[], message: string | RegExp][] = [
        [["--workload", "ruby"], '--workload is "ruby"; allowed: "python", "go", "node", "monorepo", "streamlit".'],
        [["--runs", "0"], '--runs is "0"; it must be a number above 0.'],
        [["--runs", "1.5"], '--runs is "1.5"; it must be a whole number.'],
        [["--down", "fast"], '--down is "fast"; it must be a number above 0.'],
        [["--total", ""], '--total is ""; it must be a number above 0.'],
        [["--speed", "1"], /Unknown option '--speed'/],
    ];
    for (const [args, message] of wrong) {
        it(`refuse ${args.join(" ")}`, () => assert.throws(() => parseOptions(args), { message }));
    }
});
