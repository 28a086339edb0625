import * as path from "node:path";
import { runCommandLine } from "../local/commands/command";
import type { LinkLimits } from "../local/aws/gateway/http/shaping";
import { projectRoot } from "../local/paths";
import { measureLine } from "./line/measureLine";
import { type BenchOptions, parseOptions, usage } from "./run/options";
import { checkGoals } from "./report/goals";
import { machineText } from "./report/machine";
import type { ResultRow } from "./report/result";
import { methodText, type Results } from "./report/page";
import { sides } from "./report/sides";
import { goalCells, resultCells, terminalTable } from "./report/tables";
import { publishResults, writeResults } from "./report/write";
import { codebuildStrategy } from "./run/codebuildPath";
import { openEnvironment } from "./run/environment";
import { measureAll } from "./run/measureAll";
import { Measurements } from "./run/measurements";
import { subjectOf } from "./run/subject";
import { describeStrategy } from "./strategies";
import type { Workload } from "./workloads";

process.env.CACHED_IMAGE_PIPELINE_WORLD ??= ".local-bench";

/**
 * Runs `npm run bench [-- options]`: measures the published strategies and ours in a world of its own. The tables go to standard output,
 * progress to standard error. Results of a workload with all strategies and cases, three times or more, replace those in bench/results,
 * docs/benchmark.md and README.md. Other results go to .bench.
 */
void runCommandLine(async (signal) => {
    const args = process.argv.slice(2);
    if (args.includes("--help")) return console.log(usage);
    const options = parseOptions(args);
    const report = (line: string) => console.error(line);
    if (options.isLine) return measureLine(options, linkText(options.limits), report, signal);
    const folder = path.join(projectRoot, ".bench");
    const kept = path.join(folder, "measurements.json");
    const subject = await subjectOf(options);
    const measured = options.isContinued
        ? await Measurements.continue(kept, subject)
        : Measurements.begin(kept, subject);
    const environment = await openEnvironment(options.workloads, options.limits, report, signal);
    const done: Results[] = [];
    const onWorkload = async (workload: Workload, rows: ResultRow[]) => {
        const results: Results = {
            workload: workload.name,
            description: workload.description,
            method: {
                date: measured.lastOf(workload.name)!,
                machine: machineText(),
                runs: options.runs,
                hosts: environment.hostFolders.description,
                link: linkText(options.limits),
                ...descriptions(options, rows),
            },
            rows,
            goals: checkGoals({ rows, ...sides, codebuild: codebuildStrategy.name, kind: workload.kind }),
        };
        await (options.isComplete ? publishResults(results) : writeResults(folder, results));
        done.push(results);
        print(results);
    };
    try {
        await measureAll(environment, options, measured, report, onWorkload);
    } finally {
        await environment.close();
    }
    const places = options.isComplete ? "bench/results, docs/benchmark.md and README.md" : ".bench";
    console.log(`\n${methodText(done)}\n\nWritten to ${places}.`);
});

/** Describes the strategies and cases that have been measured. */
function descriptions({ strategies, cases }: BenchOptions, rows: ResultRow[]) {
    const described = (list: { name: string; description: string }[], kind: "strategy" | "case") => {
        const measured = list.filter(({ name }) => rows.some((row) => row[kind] === name));
        return Object.fromEntries(measured.map(({ name, description }) => [name, description]));
    };
    const all = strategies.map((one) => ({ name: one.name, description: describeStrategy(one) }));
    return { strategies: described([...all, codebuildStrategy], "strategy"), cases: described(cases, "case") };
}

function print({ workload, rows, goals }: Results): void {
    console.log(`\n${workload}`);
    console.log(terminalTable(resultCells(rows)));
    console.log(`\n${terminalTable(goalCells(goals))}`);
}

function linkText(limits: LinkLimits): string {
    const megabytes = (bytes: number | undefined) => (bytes ?? 0) / 1e6;
    return [
        `${limits.latencyMilliseconds} ms for each request`,
        `${megabytes(limits.streamBytesPerSecondDown)} MB/s for each download and ${megabytes(limits.streamBytesPerSecondUp)} MB/s for each upload`,
        `${megabytes(limits.bytesPerSecondDown)} MB/s for all downloads, and for all uploads`,
    ].join(", ");
}
