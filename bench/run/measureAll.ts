import type { BenchOptions } from "../options";
import { type ResultRow, resultRow } from "../report/result";
import type { Report } from "../../local/toolchain";
import { ours, noCache, type Strategy } from "../strategies";
import { python } from "../workloads/python";
import type { Workload } from "../workloads";
import { CodeBuildPath, codebuildStrategy } from "./codebuildPath";
import { type Case, cases } from "./cases";
import { Chain, type Measurement } from "./chain";
import type { BenchEnvironment } from "./environment";

/**
 * Builds everything that the options ask for, as often as they ask for it.
 *
 * @param onRun gets the results up to each run: a benchmark may take hours, and one that is stopped keeps what it has
 */
export async function measureAll(
    environment: BenchEnvironment,
    options: BenchOptions,
    report: Report,
    onRun: (rows: ResultRow[], runs: number) => Promise<void>,
): Promise<void> {
    const measured = new Measurements();
    const through = measuresCodeBuild(options) ? await CodeBuildPath.declare(environment, report) : undefined;
    for (let run = 1; run <= options.runs; run++) {
        const reportRun = (line: string) => report(`${run}/${options.runs} ${line}`);
        for (const workload of options.workloads) {
            for (const strategy of options.strategies) {
                await measureChain(new Chain(environment, strategy, workload), options, measured, reportRun);
            }
        }
        for (const [name, measurement] of (await through?.measure(reportRun)) ?? []) {
            measured.add({ workload: python.name, strategy: codebuildStrategy.name, case: name }, measurement);
        }
        await onRun(measured.rows(options), run);
    }
}

/** Whether the line through CodeBuild is measured as well: where ours is, on the Python application. */
export function measuresCodeBuild({ workloads, strategies }: BenchOptions): boolean {
    return workloads.includes(python) && strategies.includes(ours);
}

async function measureChain(
    chain: Chain,
    options: BenchOptions,
    measured: Measurements,
    report: Report,
): Promise<void> {
    const { strategy, workload } = chain;
    await chain.open();
    for (const one of casesToBuild(options.cases)) {
        if (!isMeasured(one, strategy, workload)) continue;
        const measurement = await chain.measure(one);
        measured.add({ workload: workload.name, strategy: strategy.name, case: one.name }, measurement);
        report(progressLine([workload.name, strategy.name, one.name], measurement));
    }
    await chain.close();
}

/** Without a cache every build is the first one. */
function isMeasured({ name, isMultiPlatform }: Case, strategy: Strategy, { crossCompiles }: Workload): boolean {
    if (isMultiPlatform) return crossCompiles && strategy.buildsPlatforms;
    return strategy !== noCache || name === "cold";
}

type Names = Pick<ResultRow, "workload" | "strategy" | "case">;

/** Measurements of all runs. */
class Measurements {
    private readonly lists = new Map<string, Measurement[]>();

    add(names: Names, measurement: Measurement): void {
        this.lists.set(key(names), [...(this.lists.get(key(names)) ?? []), measurement]);
    }

    /** A row for each case and strategy that was asked for and measured, in the order of the tables. */
    rows(options: BenchOptions): ResultRow[] {
        const strategies = [...options.strategies.map(({ name }) => name), codebuildStrategy.name];
        return options.workloads.flatMap((workload) =>
            options.cases.flatMap((one) =>
                strategies.flatMap((strategy) => {
                    const names = { workload: workload.name, strategy, case: one.name };
                    const found = this.lists.get(key(names));
                    return found === undefined ? [] : [resultRow(names, found)];
                }),
            ),
        );
    }
}

function key(names: Names): string {
    return [names.workload, names.strategy, names.case].join("\n");
}

/** The chosen cases and those that have to be built before, in the order of the table. */
export function casesToBuild(chosen: Case[]): Case[] {
    const needed = new Set(["cold", ...chosen.flatMap(({ name, after = [] }) => [name, ...after])]);
    return cases.filter(({ name }) => needed.has(name));
}

function progressLine(names: string[], { seconds, ...counters }: Measurement): string {
    const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
    const down = megabytes(counters.registryDown + counters.objectsDown);
    const up = megabytes(counters.registryUp + counters.objectsUp);
    return `${names.join(", ")}: ${seconds.toFixed(1)} s, ${down} MB down, ${up} MB up, ${counters.stepsRun} steps`;
}
