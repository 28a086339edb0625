import assert from "node:assert/strict";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { Pace, type Step } from "../../../../local/world/toolchain/pace";
import { progressLine, roughly, withProgress } from "../../../../local/world/toolchain/report";
import { makeTemporaryFolder } from "./temporaryFolder";

describe("progress", () => {
    const estimates: [number, string][] = [
        [1, "about 5 s"],
        [12.6, "about 15 s"],
        [60, "about 1 min"],
        [75, "about 1 min 15 s"],
        [131, "about 2 min"],
        [150, "about 2 min 30 s"],
    ];
    for (const [seconds, text] of estimates) {
        it(`calls ${seconds} s "${text}"`, () => assert.equal(roughly(seconds), text));
    }

    it("tells what is left, and that the estimate is exceeded", () => {
        assert.equal(progressLine("building x", 45, 150), "building x … 45 s, about 1 min 45 s left");
        assert.equal(
            progressLine("building x", 165, 150),
            "building x … 2 min 45 s, longer than the estimate of 2 min 30 s",
        );
    });
});

describe("Pace", () => {
    const step = (kind: Step["kind"], seconds: number): Step => ({ what: "building x", kind, seconds });
    let folder: string;
    let file: string;
    beforeEach(async () => {
        folder = await makeTemporaryFolder();
        file = path.join(folder, "pace.json");
    });
    afterEach(() => fs.rm(folder, { recursive: true }));

    it("learns from the last step of a kind, for this run and later ones", async () => {
        const pace = await Pace.open(file);
        assert.equal(pace.estimate(step("compile", 100)), 100);
        await pace.learn(step("compile", 100), 250);
        for (const one of [pace, await Pace.open(file)]) {
            assert.deepEqual([one.estimate(step("compile", 40)), one.estimate(step("fetch", 40))], [100, 40]);
        }
    });

    for (const text of ["", "{", '{"compile":0,"fetch":1}', '{"compile":2}']) {
        it(`starts anew when its memory is ${JSON.stringify(text)}`, async () => {
            await fs.writeFile(file, text);
            assert.equal((await Pace.open(file)).estimate(step("compile", 10)), 10);
        });
    }

    it("is what announces a step and learns from it, but not from one that failed", async () => {
        const pace = await Pace.open(file);
        const lines: string[] = [];
        const report = (line: string) => lines.push(line);
        await assert.rejects(
            withProgress(report, pace, step("compile", 10), () => Promise.reject(new Error("failed"))),
        );
        assert.equal(await withProgress(report, pace, step("compile", 10), () => Promise.resolve("done")), "done");
        assert.deepEqual(lines, [
            "building x (about 10 s, once) …",
            "building x (about 10 s, once) …",
            "building x took 0 s",
        ]);
        assert.ok(pace.estimate(step("compile", 10)) < 10);
    });
});
