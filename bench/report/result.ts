/** Figures of a strategy in a case, over all runs; all but the seconds are medians. */
export interface ResultRow {
    strategy: string;
    workload: string;
    case: string;
    /** Wall seconds of each run. */
    seconds: number[];
    /** MB (10^6 bytes) from registry and S3. */
    mbDown: number;
    /** MB to registry and S3. */
    mbUp: number;
    /** Layers downloaded from the registry. */
    layersPulled: number;
    /** Steps of Dockerfiles that were executed. */
    stepsRun: number;
    /** Part of mbDown that came from the registry. */
    registryMbDown: number;
    /** Part of mbUp that went to the registry. */
    registryMbUp: number;
    /** MB from the package server. */
    packageMb: number;
    /** Packages downloaded. */
    packages: number;
    /** Whether a builder was started in any run. */
    builderStarted: boolean;
    /** MB that a host with the image of the build before has to pull. @default - no build before */
    pullMb?: number;
    /** MB of the code, compressed. @default - the code is compiled into the image */
    codeMb?: number;
}

/** Computes the middle value, or the mean of the two in the middle. @throws Error for an empty list */
export function median(values: number[]): number {
    const sorted = [...values].sort((a, b) => a - b);
    const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
    if (low === undefined || high === undefined) throw new Error("There is no median of no values.");
    return (low + high) / 2;
}
