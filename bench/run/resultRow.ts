import { median, type ResultRow } from "../report/result";
import type { Measurement } from "./chain";

/** Sums up the measurements of one case. */
export function resultRow(
    names: Pick<ResultRow, "strategy" | "workload" | "case">,
    measurements: Measurement[],
): ResultRow {
    const middle = (value: (measurement: Measurement) => number) => median(measurements.map(value));
    const megabytes = (value: (measurement: Measurement) => number) => Math.round(middle(value) / 1e3) / 1e3;
    const code = measurements[0]?.codeBytes;
    const isPulled = measurements.every(({ newLayerBytes }) => newLayerBytes !== undefined);
    return {
        ...names,
        seconds: measurements.map(({ seconds }) => Math.round(seconds * 1000) / 1000),
        mbDown: megabytes(({ registryDown, objectsDown }) => registryDown + objectsDown),
        mbUp: megabytes(({ registryUp, objectsUp }) => registryUp + objectsUp),
        layersPulled: middle(({ layersPulled }) => layersPulled),
        stepsRun: middle(({ stepsRun }) => stepsRun),
        registryMbDown: megabytes(({ registryDown }) => registryDown),
        registryMbUp: megabytes(({ registryUp }) => registryUp),
        packageMb: megabytes(({ packagesDown }) => packagesDown),
        packages: middle(({ packages }) => packages),
        builderStarted: measurements.some(({ builderStarted }) => builderStarted),
        ...(isPulled && { pullMb: megabytes(({ newLayerBytes = 0 }) => newLayerBytes) }),
        ...(code !== undefined && { codeMb: Math.round(code / 1e3) / 1e3 }),
    };
}
