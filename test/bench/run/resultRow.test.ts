import assert from "node:assert/strict";
import type { Measurement } from "../../../bench/run/chain";
import { resultRow } from "../../../bench/run/resultRow";

describe("bench: rows of results", () => {
    it("keep the seconds of each run, and the medians of everything else", () => {
        const measurement = (seconds: number, bytes: number, builderStarted: boolean): Measurement => ({
            seconds,
            registryDown: bytes,
            registryUp: 2 * bytes,
            layersPulled: bytes / 1e6,
            objectsDown: 500_000,
            objectsUp: 0,
            packagesDown: 1000,
            packages: 1,
            stepsRun: 4,
            builderStarted,
            codeBytes: 98_252,
            newLayerBytes: 2 * bytes,
        });
        const names = { strategy: "ours", workload: "python", case: "cold" };
        const measurements = [measurement(1.23456, 1e6, false), measurement(9, 3e6, false), measurement(5, 2e6, true)];
        assert.deepEqual(resultRow(names, measurements), {
            ...names,
            seconds: [1.235, 9, 5],
            mbDown: 2.5,
            mbUp: 4,
            layersPulled: 2,
            stepsRun: 4,
            registryMbDown: 2,
            registryMbUp: 4,
            packageMb: 0.001,
            packages: 1,
            builderStarted: true,
            pullMb: 4,
            codeMb: 0.098,
        });
        const first = { ...measurements[0]!, newLayerBytes: undefined };
        assert.equal("pullMb" in resultRow(names, [first]), false);
    });
});
