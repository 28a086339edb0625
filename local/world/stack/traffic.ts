import { askGateway } from "../../aws/gateway/askGateway";
import type { World } from "../services";

/** Bytes that a registry handed out and took in. */
export interface Bytes {
    /** From the registry to its clients. */
    down: number;
    /** From clients to the registry. */
    up: number;
}

/** The gateway's counters: in all, and for each login token the traffic it caused in each repository. */
export interface Traffic {
    total: Bytes;
    /** Layers that clients downloaded. */
    layers: number;
    /** Of S3. */
    objects: Bytes;
    tokens: Record<string, { repositories: Record<string, Bytes> }>;
}

/** Reads the counters of the local registry. */
export async function readTraffic(world: World): Promise<Traffic> {
    return (await askGateway(world, "traffic")) as Traffic;
}

/**
 * What the builds of one repository's image moved between two readings. Base images lie in repositories of their own; their
 * traffic belongs to the image whose login fetched them, and each image of the program has a login of its own.
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
