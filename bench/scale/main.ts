import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { runCommandLine } from "../../local/commands/command";
import { projectRoot, worldDirectory } from "../../local/paths";
import { startWorld, stopWorld } from "../../local/services";
import { ensureToolchain } from "../../local/toolchain";
import { terminalTable } from "../report/tables";
import { measureScale } from "./measureScale";
import { parseOptions, usage } from "./options";
import { type ScaleResults, writeScaleResults } from "./page";
import { checkScale, scaleCells, scaleGoalCells } from "./result";

process.env.CACHED_IMAGE_PIPELINE_WORLD ??= ".local-bench";

/**
 * `npm run bench:scale [-- options]`: measures the program itself, by number of images. Tables go to standard output, progress to
 * standard error; results that have what the goals are about replace those in bench/results/scale, others go to .bench/scale.
 */
void runCommandLine(async (signal) => {
    const args = process.argv.slice(2);
    if (args.includes("--help")) return console.log(usage);
    const options = parseOptions(args);
    const report = (line: string) => console.error(line);
    const removeWorld = async () => {
        await stopWorld(report);
        await fs.rm(worldDirectory(), { recursive: true, force: true });
    };
    const toolchain = await ensureToolchain(report, signal);
    await removeWorld();
    try {
        const world = options.mocksOnly ? undefined : await startWorld(toolchain, report, signal);
        const rows = await measureScale(options, { toolchain, world, signal, report });
        const results: ScaleResults = {
            date: new Date().toISOString(),
            machine: `${os.cpus().length} processors, ${Math.round(os.totalmem() / 2 ** 30)} GiB, Node ${process.version}`,
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
        await removeWorld();
    }
});
