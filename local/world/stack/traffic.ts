import { askGateway } from "../../aws/gateway/askGateway";
import type { World } from "../services";

/** Bytes that a registry sent and received. */
export interface Bytes {
    /** Bytes from the registry to its clients. */
    down: number;
    /** Bytes from clients to the registry. */
    up: number;
}

/** Counters of the gateway: in all, and by login token and repository. */
export interface Traffic {
    total: Bytes;
    /** Number of layers that clients downloaded. */
    layers: number;
    /** Bytes of S3. */
    objects: Bytes;
    tokens: Record<string, { repositories: Record<string, Bytes> }>;
}

/** Reads the counters of the local registry. */
export async function readTraffic(world: World): Promise<Traffic> {
    return (await askGateway(world, "traffic")) as Traffic;
}

/**
 * Computes the traffic of one repository's builds between two readings. Base images are in repositories of their own. Their traffic belongs
 * to the image whose login fetched them, and each image of the program has its own login.
 */
export function trafficOf(repository: string, before: Traffic, after: Traffic): Bytes {
    const sum = { down: 0, up: 0 };
    for (const [token, { repositories }] of Object.entries(after.tokens)) {
        if (!(repository in repositories)) continue;
        for (const [name, bytes] of Object.entries(repositories)) {
            const earlier = before.tokens[token]?.repositories[name] ?? { down: 0, up: 0 };
            sum.down += bytes.down - earlier.down;
            sum.up += bytes.up - earlier.up;
        }
    }
    return sum;
}
