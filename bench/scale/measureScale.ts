import * as path from "node:path";
import { worldDirectory } from "../../local/paths";
import { emptyBuilder, type World } from "../../local/world/services";
import type { Report, Toolchain } from "../../local/world/toolchain";
import { type Measurement, type Operation, operations } from "./operations";
import type { ScaleOptions } from "./options";
import { type ScaleRow, scaleRow } from "./result";
import { runTask } from "./runTask";
import type { Layout } from "./sources";

/** Machine of the measurements. */
export interface ScaleHost {
    toolchain: Toolchain;
    /** Description of the running services. @default - mocks only */
    world?: World;
    signal: AbortSignal;
    report: Report;
}

/** Line of the results before it is measured. */
type Line = Pick<ScaleRow, "operation" | "layout" | "images">;

/** Measures everything in the options, run by run. */
export async function measureScale(options: ScaleOptions, host: ScaleHost): Promise<ScaleRow[]> {
    const lines = options.images.flatMap((images) => linesOf(images, options));
    const measurements = lines.map((): Measurement[] => []);
    for (let run = 1; run <= options.runs; run++) {
        for (const [index, line] of lines.entries()) {
            const measurement = await measure(line, `scale-${line.images}-${run}`, host);
            measurements[index]!.push(measurement);
            host.report(
                `run ${run}: ${line.operation}, ${line.layout}, ${line.images}: ${measurement.seconds.toFixed(1)} s`,
            );
        }
    }
    return lines.map((line, index) => scaleRow(line, measurements[index]!)).sort(byOperation);
}

/** Lists the measurements of a number of images, in this order. */
function linesOf(images: number, { updates, mocksOnly }: ScaleOptions): Line[] {
    const line = (operation: Operation, layout: Layout): Line => ({ operation, layout, images });
    return [
        line("mocked preview", "separate"),
        line("mocked preview", "shared"),
        ...(mocksOnly ? [] : [line("preview", "separate")]),
        ...(updates.includes(images) ? [line("up", "separate"), line("preview, no changes", "separate")] : []),
    ];
}

async function measure(line: Line, stackName: string, host: ScaleHost): Promise<Measurement> {
    const { toolchain, world, signal } = host;
    if (line.operation === "up" && world !== undefined) await emptyBuilder(world, toolchain, signal);
    const folder = path.join(worldDirectory(), "sources", line.layout);
    return runTask({ ...line, folder, stackName }, signal);
}

/** Sorts numbers of images below each other, so that their growth can be read. */
function byOperation(a: ScaleRow, b: ScaleRow): number {
    const place = ({ operation }: ScaleRow) => Object.keys(operations).indexOf(operation);
    return place(a) - place(b) || a.layout.localeCompare(b.layout) || a.images - b.images;
}
