import assert from "node:assert/strict";
import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { parseOptions } from "../../../bench/run/options";
import type { Measurement } from "../../../bench/run/chain";
import { Measurements } from "../../../bench/run/measurements";
import { subjectOf } from "../../../bench/run/subject";

const measurement = (seconds: number): Measurement => ({
    seconds,
    registryDown: 1e6,
    registryUp: 2e6,
    layersPulled: 3,
    objectsDown: 0,
    objectsUp: 0,
    packagesDown: 0,
    packages: 0,
    stepsRun: 4,
    builderStarted: true,
});

const names = { workload: "go", strategy: "ours", case: "cold" };

describe("bench: measurements", () => {
    let folder: string;
    let file: string;

    before(async () => {
        folder = await fs.mkdtemp(path.join(os.tmpdir(), "measurements-"));
        file = path.join(folder, "below", "measurements.json");
    });

    after(() => fs.rm(folder, { recursive: true }));

    it("are kept, and continued as one list", async () => {
        const first = Measurements.begin(file, "subject");
        await first.add([[names, measurement(1)]]);
        // WHEN
        const second = await Measurements.continue(file, "subject");
        assert.equal(second.count(names), 1);
        await second.add([[names, measurement(3)]]);
        // THEN
        const continued = await Measurements.continue(file, "subject");
        const [row] = continued.rows("go", ["cold"], ["ours"]);
        assert.deepEqual([row!.workload, row!.case, row!.seconds, row!.mbDown], ["go", "cold", [1, 3], 1]);
        assert.deepEqual(continued.rows("node", ["cold"], ["ours"]), []);
        assert.deepEqual(await fs.readdir(path.dirname(file)), ["measurements.json"]);
    });

    it("know when the last one of a workload ended, also when they are continued later", async () => {
        const other = path.join(folder, "times.json");
        const first = Measurements.begin(other, "subject");
        const started = new Date().toISOString();
        await first.add([[names, measurement(1)]]);
        const ended = first.lastOf("go")!;
        assert.ok(started <= ended && ended <= new Date().toISOString(), ended);
        // WHEN
        const second = await Measurements.continue(other, "subject");
        await second.add([[{ ...names, workload: "gopher" }, measurement(1)]]);
        // THEN
        assert.equal(second.lastOf("go"), ended);
        assert.equal(second.lastOf("node"), undefined);
    });

    it("of something else are not continued, nor those that are not there", async () => {
        await assert.rejects(Measurements.continue(file, "another"), {
            message: `${file} is of other options or of other sources, so it cannot be continued; run without --continue.`,
        });
        const missing = path.join(folder, "missing.json");
        await assert.rejects(Measurements.continue(missing, "subject"), {
            message: `There is nothing to continue: ${missing} does not exist.`,
        });
    });

    it("of another number of runs are of the same; of another line they are not", async () => {
        const subject = await subjectOf(parseOptions([]));
        assert.equal(await subjectOf(parseOptions(["--runs", "5", "--continue"])), subject);
        for (const args of [["--rtt", "20"], ["--quick"], ["--strategy", "ours"]]) {
            assert.notEqual(await subjectOf(parseOptions(args)), subject);
        }
    });
});
