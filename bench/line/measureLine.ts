import * as path from "node:path";
import { projectRoot } from "../../local/paths";
import type { Report } from "../../local/world/toolchain";
import type { BenchOptions } from "../run/options";
import { machineText } from "../report/machine";
import { terminalTable } from "../report/tables";
import { resultsDirectory } from "../report/write";
import { openLines } from "./lines";
import { openLineWorld } from "./lineWorld";
import { lineCells, type LineResults, type LineRow, writeLineResults } from "./results";

/**
 * Runs `npm run bench -- --line`: measures how long a changed line of code takes to the container host, through our pipeline and the
 * published one. Results of fewer than three runs, or of another line to the servers, go to .bench.
 *
 * @param link the line to all servers, in words
 */
export async function measureLine(
    { runs, limits, isComplete }: Pick<BenchOptions, "runs" | "limits" | "isComplete">,
    link: string,
    report: Report,
    signal: AbortSignal,
): Promise<void> {
    const world = await openLineWorld(limits, report, signal);
    try {
        const lines = await openLines(world, signal);
        const rows: LineRow[] = lines.map(({ name }) => ({ line: name, runs: [] }));
        // The first commit of each only makes what the others build on.
        for (let run = 0; run <= runs; run++) {
            for (const [index, line] of lines.entries()) {
                const measurement = await line.measure(run + 1);
                if (run > 0) rows[index]!.runs.push(measurement);
                report(`${run}/${runs} ${line.name}: live after ${measurement.live.toFixed(1)} s`);
            }
        }
        const results: LineResults = {
            date: new Date().toISOString(),
            machine: machineText(),
            link,
            lines: Object.fromEntries(lines.map(({ name, description }) => [name, description])),
            rows,
        };
        const folder = path.join(isComplete ? resultsDirectory : path.join(projectRoot, ".bench"), "line");
        await writeLineResults(folder, results);
        console.log(terminalTable(lineCells(rows)));
        console.log(`\nWritten to ${path.relative(projectRoot, folder)}.`);
    } finally {
        await world.environment.close();
    }
}
