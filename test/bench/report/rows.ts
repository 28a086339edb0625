import type { ResultRow } from "../../../bench/report/result";

/** Makes a row of results that cost only time, unless its figures say otherwise. */
export function resultRow(
    strategy: string,
    workload: string,
    name: string,
    seconds: number[],
    figures: Partial<ResultRow> = {},
): ResultRow {
    return {
        strategy,
        workload,
        case: name,
        seconds,
        mbDown: 0,
        mbUp: 0,
        layersPulled: 0,
        stepsRun: 0,
        registryMbDown: 0,
        registryMbUp: 0,
        packageMb: 0,
        packages: 0,
        builderStarted: true,
        ...figures,
    };
}
