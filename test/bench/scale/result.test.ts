import assert from "node:assert/strict";
import { peakOf } from "../../../bench/scale/memory";
import { scaleChart, scalePage } from "../../../bench/scale/page";
import { checkScale, scaleCells, scaleRow, type ScaleRow } from "../../../bench/scale/result";

const row = (images: number, seconds: number, startedMb: number): ScaleRow => ({
    operation: "preview",
    layout: "separate",
    images,
    seconds: [seconds],
    programMb: 100,
    startedMb,
});

describe("bench: results of scale", () => {
    it("are medians of all runs", () => {
        const measurements = [
            { seconds: 3.00049, programMb: 100.4, startedMb: 50 },
            { seconds: 1, programMb: 300, startedMb: 70 },
            { seconds: 2, programMb: 200, startedMb: 60 },
        ];
        const names = { operation: "up", layout: "shared", images: 10 } as const;
        assert.deepEqual(scaleRow(names, measurements), {
            ...names,
            seconds: [3, 1, 2],
            programMb: 200,
            startedMb: 60,
        });
    });

    it("meet the goals when a hundred images take twelve times the seconds of ten, and 10 MB each", () => {
        const goal = { operation: "preview", layout: "separate" };
        assert.deepEqual(checkScale([row(1, 1, 0), row(10, 2, 50), row(100, 24, 950)]), [
            {
                ...goal,
                goal: "100 images take at most 12 times the seconds of 10",
                measured: "12.0 times",
                isMet: true,
            },
            { ...goal, goal: "each further image takes at most 10 MB", measured: "10.0 MB", isMet: true },
        ]);
    });

    it("miss the goals when they take more", () => {
        const goals = checkScale([row(10, 2, 50), row(100, 24.4, 951)]);
        assert.deepEqual(
            goals.map(({ measured, isMet }) => [measured, isMet]),
            [
                ["12.2 times", false],
                ["10.0 MB", false],
            ],
        );
    });

    it("have no goals without both numbers of images of one operation and layout", () => {
        assert.deepEqual(checkScale([row(1, 1, 0), row(100, 1, 0)]), []);
        assert.deepEqual(checkScale([row(10, 1, 0), { ...row(100, 1, 0), layout: "shared" }]), []);
        assert.deepEqual(checkScale([row(10, 1, 0), { ...row(100, 1, 0), operation: "up" }]), []);
    });

    it("are shown as a table, rounded as people read them", () => {
        assert.deepEqual(scaleCells([{ ...row(10, 2.25, 0), seconds: [1, 2.25, 3] }]).rows, [
            ["preview", "separate", "10", "2.3", "1.0–3.0", "100", "0"],
        ]);
    });

    it("are drawn with a group for each number of images", () => {
        const svg = scaleChart([row(10, 1, 0), { ...row(100, 2, 0), layout: "shared" }]);
        for (const text of ["10 images", "100 images", "preview", "preview, one context"])
            assert.ok(svg.includes(text));
    });

    it("are a page with tables, goals and method", () => {
        const rows = [row(10, 1, 0), row(100, 2, 0)];
        const page = scalePage({ date: "2026-01-01", machine: "a machine", rows, goals: checkScale(rows) });
        assert.match(page, /\| preview \| separate \| 100 \| 2\.0 \| 2\.0–2\.0 \| 100 \| 0 \|/);
        assert.match(page, /\| 100 images take at most 12 times the seconds of 10 \| 2\.0 times \| yes \|/);
        assert.match(page, /2026-01-01, a machine\./);
    });
});

describe("bench: memory", () => {
    it("is the peak in a process's status", () => {
        assert.equal(peakOf("Name:\tnode\nVmPeak:\t  9000 kB\nVmHWM:\t  1234 kB\nVmRSS:\t  1000 kB"), 1_263_616);
    });

    it("is not there for a process that has none of its own", () =>
        assert.equal(peakOf("Name:\tkthreadd\n"), undefined));
});
