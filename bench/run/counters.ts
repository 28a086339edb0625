import { readTraffic } from "../../local/world/stack/traffic";
import type { World } from "../../local/world/services";
import type { PackageServer } from "../packages/packageServer";

/** Traffic over the line. */
export interface Counters {
    /** Bytes from the registry. */
    registryDown: number;
    /** Bytes to the registry. */
    registryUp: number;
    /** Layers downloaded from the registry. */
    layersPulled: number;
    /** Bytes from S3. */
    objectsDown: number;
    /** Bytes to S3. */
    objectsUp: number;
    /** Bytes from the package server. */
    packagesDown: number;
    /** Packages downloaded. */
    packages: number;
}

/** Reads all counters; two readings can be subtracted. */
export async function readCounters(world: World, packageServer: PackageServer): Promise<Counters> {
    const { total, layers, objects } = await readTraffic(world);
    const { packages, bytes } = packageServer.reading();
    return {
        registryDown: total.down,
        registryUp: total.up,
        layersPulled: layers,
        objectsDown: objects.down,
        objectsUp: objects.up,
        packagesDown: bytes,
        packages,
    };
}

/** Subtracts two readings. */
export function difference(before: Counters, after: Counters): Counters {
    const entries = Object.entries(after) as [keyof Counters, number][];
    return Object.fromEntries(entries.map(([name, value]) => [name, value - before[name]])) as unknown as Counters;
}
