import { askGateway } from "../../aws/gateway/askGateway";
import type { Bytes, TrafficReading } from "../../aws/gateway/registry/traffic";
import type { World } from "../services";

/** Reads the counters of the local registry. */
export async function readTraffic(world: World): Promise<TrafficReading> {
    return (await askGateway(world, "traffic")) as TrafficReading;
}

/**
 * Computes the traffic of one repository's builds between two readings. Base images are in repositories of their own. Their traffic belongs
 * to the image whose login fetched them, and each image of the program has its own login.
 */
export function trafficOf(repository: string, before: TrafficReading, after: TrafficReading): Bytes {
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
