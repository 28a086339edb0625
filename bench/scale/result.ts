import { median } from "../report/result";
import type { Cells } from "../report/tables";
import { spread } from "../report/tables";
import { goalImages } from "./options";
import type { Measurement, Operation } from "./operations";
import type { Layout } from "./sources";

/** Cost of an operation with a number of images. */
export interface ScaleRow {
    operation: Operation;
    layout: Layout;
    images: number;
    /** Seconds of each run. */
    seconds: number[];
    /** Medians of the peaks, in MB (10^6 bytes). */
    programMb: number;
    startedMb: number;
}

/** Goal with its result. */
export interface ScaleGoal {
    operation: Operation;
    layout: Layout;
    goal: string;
    measured: string;
    isMet: boolean;
}

/** Limit of MB that each further image may add to the program and the processes that it starts together. */
const mbPerImage = 10;

/** Limit of the time for ten times as many images, as a multiple. */
const timesSeconds = 12;

/** Sums up the measurements of all runs. */
export function scaleRow(
    names: Pick<ScaleRow, "operation" | "layout" | "images">,
    measurements: Measurement[],
): ScaleRow {
    const middle = (value: (measurement: Measurement) => number) => Math.round(median(measurements.map(value)));
    return {
        ...names,
        seconds: measurements.map(({ seconds }) => Math.round(seconds * 1000) / 1000),
        programMb: middle(({ programMb }) => programMb),
        startedMb: middle(({ startedMb }) => startedMb),
    };
}

/** Checks the goals of each operation that was measured with few and with many images. */
export function checkScale(rows: ScaleRow[]): ScaleGoal[] {
    return rows.flatMap((many) => {
        const { operation, layout } = many;
        const few = rows.find(
            (row) => row.operation === operation && row.layout === layout && row.images === goalImages.few,
        );
        if (many.images !== goalImages.many || few === undefined) return [];
        const times = median(many.seconds) / median(few.seconds);
        const perImage = (memoryMb(many) - memoryMb(few)) / (many.images - few.images);
        return [
            {
                operation,
                layout,
                goal: `${many.images} images take at most ${timesSeconds} times the seconds of ${few.images}`,
                measured: `${times.toFixed(1)} times`,
                isMet: times <= timesSeconds,
            },
            {
                operation,
                layout,
                goal: `each further image takes at most ${mbPerImage} MB`,
                measured: `${perImage.toFixed(1)} MB`,
                isMet: perImage <= mbPerImage,
            },
        ];
    });
}

/** Lays out the rows as a table. */
export function scaleCells(rows: ScaleRow[]): Cells {
    return {
        head: ["operation", "contexts", "images", "seconds", "spread", "MB of the program", "MB of what it starts"],
        rows: rows.map((row) => [
            row.operation,
            row.layout,
            String(row.images),
            median(row.seconds).toFixed(1),
            spread(row.seconds),
            String(row.programMb),
            String(row.startedMb),
        ]),
    };
}

/** Lays out the goals as a table. */
export function scaleGoalCells(goals: ScaleGoal[]): Cells {
    return {
        head: ["operation", "contexts", "goal", "measured", "met"],
        rows: goals.map(({ operation, layout, goal, measured, isMet }) => [
            operation,
            layout,
            goal,
            measured,
            isMet ? "yes" : "no",
        ]),
    };
}

function memoryMb({ programMb, startedMb }: ScaleRow): number {
    return programMb + startedMb;
}
