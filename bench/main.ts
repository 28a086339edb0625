import * as path from "node:path";
import { runCommandLine } from "../local/commands/command";
import type { LinkLimits } from "../local/aws/gateway/http/shaping";
import { projectRoot } from "../local/paths";
import { measureLine } from "./line/measureLine";
import { type BenchOptions, parseOptions, usage } from "./run/options";
import type { Sides } from "./report/comparison";
import { checkGoals } from "./report/goals";
import { machineText } from "./report/machine";
import type { ResultRow } from "./report/result";
import { methodText, type Method, type Results } from "./report/page";
import { goalCells, resultCells, terminalTable } from "./report/tables";
import { publishResults, writeResults } from "./report/write";
import { codebuildStrategy } from "./run/codebuildPath";
import { openEnvironment } from "./run/environment";
import { measureAll, measuresCodeBuild } from "./run/measureAll";
import { Measurements } from "./run/measurements";
import { subjectOf } from "./run/subject";
import { describeStrategy, ours } from "./strategies";

process.env.CACHED_IMAGE_PIPELINE_WORLD ??= ".local-bench";

/**
 * Runs `npm run bench [-- options]`: measures the published strategies and ours in a world of its own. The tables go to standard output,
 * progress to standard error. Results of all workloads, strategies and cases, or of `--quick`, replace those in bench/results,
 * docs/benchmark.md and README.md. Other results go to .bench.
 */
void runCommandLine(async (signal) => {
    const args = process.argv.slice(2);
    if (args.includes("--help")) return console.log(usage);
    const options = parseOptions(args);
    const report = (line: string) => console.error(line);
    if (options.isLine) return measureLine(options, linkText(options.limits), report, signal);
    const kept = path.join(projectRoot, ".bench", "measurements.json");
    const subject = await subjectOf(options);
    const measured = options.isContinued
        ? await Measurements.continue(kept, subject)
        : Measurements.begin(kept, subject);
    const environment = await openEnvironment(options.workloads, options.limits, report, signal);
    const folder = path.join(projectRoot, ".bench");
    let results: Results | undefined;
    const onRun = async (rows: ResultRow[], runs: number) => {
        results = resultsOf(rows, options, { runs, hosts: environment.hostFolders.description });
        await (options.isComplete
            ? publishResults(results, sidesOf(options))
            : writeResults(folder, results, sidesOf(options)));
    };
    try {
        await measureAll(environment, options, measured, report, onRun);
    } finally {
        await environment.close();
        if (results !== undefined) print(results);
        const places = options.isComplete ? "bench/results, docs/benchmark.md and README.md" : ".bench";
        if (results !== undefined) console.log(`\nWritten to ${places}.`);
    }
});

/** Facts of a run besides its options. */
type Ran = Pick<Method, "runs" | "hosts">;

function resultsOf(rows: ResultRow[], options: BenchOptions, ran: Ran): Results {
    const goals = checkGoals({
        rows,
        ...sidesOf(options),
        codebuild: codebuildStrategy.name,
        compiled: options.workloads.filter(({ kind }) => kind === "compiled").map(({ name }) => name),
    });
    return { method: methodOf(options, ran), rows, goals };
}

function sidesOf({ strategies }: BenchOptions): Sides {
    return {
        ours: ours.name,
        published: strategies.filter(({ writeUp }) => writeUp !== undefined).map(({ name }) => name),
    };
}

function print(results: Results): void {
    for (const workload of Object.keys(results.method.workloads)) {
        console.log(`\n${workload}`);
        console.log(terminalTable(resultCells(results.rows.filter((row) => row.workload === workload))));
    }
    console.log(`\n${terminalTable(goalCells(results.goals))}\n`);
    console.log(methodText(results));
}

function methodOf(options: BenchOptions, ran: Ran): Method {
    const described = (list: { name: string; description: string }[]) =>
        Object.fromEntries(list.map(({ name, description }) => [name, description]));
    return {
        date: new Date().toISOString(),
        machine: machineText(),
        ...ran,
        link: linkText(options.limits),
        strategies: described([
            ...options.strategies.map((one) => ({ name: one.name, description: describeStrategy(one) })),
            ...(measuresCodeBuild(options) ? [codebuildStrategy] : []),
        ]),
        workloads: described(options.workloads),
        cases: described(options.cases),
    };
}

function linkText(limits: LinkLimits): string {
    const megabytes = (bytes: number | undefined) => (bytes ?? 0) / 1e6;
    return [
        `${limits.latencyMilliseconds} ms for each request`,
        `${megabytes(limits.streamBytesPerSecondDown)} MB/s for each download and ${megabytes(limits.streamBytesPerSecondUp)} MB/s for each upload`,
        `${megabytes(limits.bytesPerSecondDown)} MB/s for all downloads, and for all uploads`,
    ].join(", ");
}
