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
 * Builds everything in the options, one workload after the other; existing measurements are left out. All strategies of a workload take
 * turns in each run.
 *
 * @param measured collection of the measurements
 * @param onWorkload function that takes the results of each workload as soon as all its runs are done
 */
export async function measureAll(
    environment: BenchEnvironment,
    options: BenchOptions,
    measured: Measurements,
    report: Report,
    onWorkload: (workload: Workload, rows: ResultRow[]) => Promise<void>,
): Promise<void> {
    const strategies = [...options.strategies.map(({ name }) => name), codebuildStrategy.name];
    const names = options.cases.map(({ name }) => name);
    for (const workload of options.workloads) {
        await measureWorkload(workload, environment, options, measured, report);
        await onWorkload(workload, measured.rows(workload.name, names, strategies));
    }
}

async function measureWorkload(
    workload: Workload,
    environment: BenchEnvironment,
    options: BenchOptions,
    measured: Measurements,
    report: Report,
): Promise<void> {
    const isThroughCodeBuild = workload === python && options.strategies.includes(ours);
    const through = isThroughCodeBuild ? await CodeBuildPath.declare(environment, report) : undefined;
    for (let run = 1; run <= options.runs; run++) {
        const reportRun = (line: string) => report(`${run}/${options.runs} ${line}`);
        for (const strategy of options.strategies) {
            const chosen = casesToBuild(options.cases).filter((one) => isMeasured(one, strategy, workload));
            if (chosen.every((one) => measured.count(namesOf(workload, strategy, one)) >= run)) continue;
            const chain = new Chain(environment, strategy, workload);
            await measured.add(await measureChain(chain, chosen, run === 1, reportRun));
        }
        if (through !== undefined && measured.count(throughCodeBuild("cold")) < run) {
            const measurements = [...(await through.measure(reportRun))];
            await measured.add(measurements.map(([name, measurement]) => [throughCodeBuild(name), measurement]));
        }
    }
}

function namesOf(workload: Workload, strategy: Strategy, one: Case): Names {
    return { workload: workload.name, strategy: strategy.name, case: one.name };
}

function throughCodeBuild(name: string): Names {
    return { workload: python.name, strategy: codebuildStrategy.name, case: name };
}

async function measureChain(
    chain: Chain,
    chosen: Case[],
    isChecked: boolean,
    report: Report,
): Promise<[Names, Measurement][]> {
    const measured: [Names, Measurement][] = [];
    await chain.open();
    for (const one of chosen) {
        const measurement = await chain.measure(one);
        const names = namesOf(chain.workload, chain.strategy, one);
        measured.push([names, measurement]);
        report(progressLine(names, measurement));
        if (isChecked && one.builds.at(-1)?.edits.dependency === true) await chain.check();
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
