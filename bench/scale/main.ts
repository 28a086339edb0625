import * as path from "node:path";
import { runCommandLine } from "../../local/commands/command";
import { projectRoot } from "../../local/paths";
import { startWorld } from "../../local/world/services";
import { ensureToolchain } from "../../local/world/toolchain";
import { machineText } from "../report/machine";
import { terminalTable } from "../report/tables";
import { removeWorld } from "../run/environment";
import { measureScale } from "./measureScale";
import { parseOptions, usage } from "./options";
import { type ScaleResults, writeScaleResults } from "./page";
import { checkScale, scaleCells, scaleGoalCells } from "./result";

process.env.CACHED_IMAGE_PIPELINE_WORLD ??= ".local-bench";

/**
 * Runs `npm run bench:scale [-- options]`: measures the program itself, by number of images. Tables go to standard output, progress to
 * standard error. Results with all figures of the goals replace those in bench/results/scale, others go to .bench/scale.
 */
void runCommandLine(async (signal) => {
    const args = process.argv.slice(2);
    if (args.includes("--help")) return console.log(usage);
    const options = parseOptions(args);
    const report = (line: string) => console.error(line);
    const toolchain = await ensureToolchain(report, signal);
    await removeWorld(report);
    try {
        const world = options.mocksOnly ? undefined : await startWorld(toolchain, report, signal);
        const rows = await measureScale(options, { toolchain, world, signal, report });
        const results: ScaleResults = {
            date: new Date().toISOString(),
            machine: machineText(),
            rows,
            goals: checkScale(rows),
        };
        const folder = path.join(
            options.isComplete ? path.join(projectRoot, "bench/results") : path.join(projectRoot, ".bench"),
            "scale",
        );
        await writeScaleResults(folder, results);
        console.log(terminalTable(scaleCells(rows)));
        if (results.goals.length > 0) console.log(`\n${terminalTable(scaleGoalCells(results.goals))}`);
        console.log(`\nWritten to ${path.relative(process.cwd(), folder)}.`);
    } finally {
        await removeWorld(report);
    }
});
