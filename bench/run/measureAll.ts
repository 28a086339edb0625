import type { BenchOptions } from "./options";
import type { ResultRow } from "../report/result";
import type { Report } from "../../local/world/toolchain";
import { noCache, ours, oursInLayers, type Strategy } from "../strategies";
import { python } from "../workloads/python";
import type { Workload } from "../workloads";
import { CodeBuildPath, codebuildStrategy } from "./codebuildPath";
import { type Case, cases } from "./cases";
import { Chain, type Measurement } from "./chain";
import type { BenchEnvironment } from "./environment";
import type { Measurements, Names } from "./measurements";

/**
 * Builds everything in the options, for all runs; existing measurements are left out.
 *
 * @param measured collection of the measurements
 * @param onRun function that takes the results up to each run: a benchmark may take hours, and an ended one keeps its results
 */
export async function measureAll(
    environment: BenchEnvironment,
    options: BenchOptions,
    measured: Measurements,
    report: Report,
    onRun: (rows: ResultRow[], runs: number) => Promise<void>,
): Promise<void> {
    const strategies = [...options.strategies.map(({ name }) => name), codebuildStrategy.name];
    const through = measuresCodeBuild(options) ? await CodeBuildPath.declare(environment, report) : undefined;
    for (let run = 1; run <= options.runs; run++) {
        const reportRun = (line: string) => report(`${run}/${options.runs} ${line}`);
        for (const workload of options.workloads) {
            for (const strategy of options.strategies) {
                const chosen = casesToBuild(options.cases).filter((one) => isMeasured(one, strategy, workload));
                if (chosen.every((one) => measured.count(namesOf(workload, strategy, one)) >= run)) continue;
                await measured.add(await measureChain(new Chain(environment, strategy, workload), chosen, reportRun));
            }
        }
        if (through !== undefined && measured.count(throughCodeBuild("cold")) < run) {
            const measurements = [...(await through.measure(reportRun))];
            await measured.add(measurements.map(([name, measurement]) => [throughCodeBuild(name), measurement]));
        }
        await onRun(measured.rows(options, strategies), run);
    }
}

function namesOf(workload: Workload, strategy: Strategy, one: Case): Names {
    return { workload: workload.name, strategy: strategy.name, case: one.name };
}

function throughCodeBuild(name: string): Names {
    return { workload: python.name, strategy: codebuildStrategy.name, case: name };
}

/** Tells whether the line through CodeBuild is measured too: with our strategy, on the Python application. */
export function measuresCodeBuild({ workloads, strategies }: BenchOptions): boolean {
    return workloads.includes(python) && strategies.includes(ours);
}

async function measureChain(chain: Chain, chosen: Case[], report: Report): Promise<[Names, Measurement][]> {
    const measured: [Names, Measurement][] = [];
    await chain.open();
    for (const one of chosen) {
        const measurement = await chain.measure(one);
        const names = namesOf(chain.workload, chain.strategy, one);
        measured.push([names, measurement]);
        report(progressLine(names, measurement));
    }
    await chain.close();
    return measured;
}

/** Tells whether a case is measured with a strategy: without a cache every build is the first one, and not every workload has layers. */
function isMeasured({ name, isMultiPlatform }: Case, strategy: Strategy, { crossCompiles, images }: Workload): boolean {
    const hasLayers = images.some(({ pinnedStages = [] }) => pinnedStages.some(({ layers }) => layers !== undefined));
    if (strategy === oursInLayers && !hasLayers) return false;
    if (isMultiPlatform) return crossCompiles && strategy.buildsPlatforms;
    return strategy !== noCache || name === "cold";
}

/** Lists the chosen cases and those that have to be built before, in the order of the table. */
export function casesToBuild(chosen: Case[]): Case[] {
    const needed = new Set(["cold", ...chosen.flatMap(({ name, after = [] }) => [name, ...after])]);
    return cases.filter(({ name }) => needed.has(name));
}

function progressLine({ workload, strategy, case: name }: Names, { seconds, ...counters }: Measurement): string {
    const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
    const down = megabytes(counters.registryDown + counters.objectsDown);
    const up = megabytes(counters.registryUp + counters.objectsUp);
    return `${workload}, ${strategy}, ${name}: ${seconds.toFixed(1)} s, ${down} MB down, ${up} MB up, ${counters.stepsRun} steps`;
}
