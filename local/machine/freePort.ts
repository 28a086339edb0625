import { randomInt } from "node:crypto";
import { once } from "node:events";
import * as net from "node:net";

/**
 * Range of ports to choose from. Linux gives higher ports to outgoing connections, which may take one while a container is replaced.
 *
 * @see https://docs.kernel.org/networking/ip-sysctl.html, ip_local_port_range
 */
const [lowest, end] = [20_000, 32_768];

/** Number of places to try. */
const tries = 100;

/**
 * Finds ports of 127.0.0.1 that were free a moment ago.
 *
 * @param count number of consecutive ports
 * @returns the first of them
 * @throws Error when there are none
 */
export async function freePort(count = 1): Promise<number> {
    for (let tried = 0; tried < tries; tried++) {
        const first = randomInt(lowest, end - count);
        const ports = Array.from({ length: count }, (_, index) => first + index);
        const free = await Promise.all(ports.map(isFree));
        if (free.every(Boolean)) return first;
    }
    throw new Error(
        `No ${count} free ports of 127.0.0.1 from ${lowest} to ${end - 1} were found; end programs that listen there.`,
    );
}

/** Tells whether nothing listens on a port of 127.0.0.1, and this process may. */
export async function isFree(port: number): Promise<boolean> {
    const server = net.createServer().listen(port, "127.0.0.1");
    try {
        await once(server, "listening");
    } catch {
        return false;
    }
    server.close();
    await once(server, "close");
    return true;
}
