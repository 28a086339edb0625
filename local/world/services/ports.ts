import * as net from "node:net";
import { z } from "zod";
import type { Report } from "../toolchain";
import { readJsonFile, writeJsonFile } from "../../machine/jsonFile";
import type { WorldLayout } from "./layout";
import { runningRecord } from "./records";

const portsSchema = z.object({ gateway: z.number().int().min(1).max(65535) });

/** TCP ports on 127.0.0.1 that services are told to listen on. */
export type Ports = z.infer<typeof portsSchema>;

/**
 * Chooses the gateway's port: that of the running process, otherwise that of the last run when it is still free, otherwise a free one. The
 * registry's address is part of the identity of an image build.
 */
export async function choosePorts(layout: WorldLayout, report: Report): Promise<Ports> {
    const last = (await readJsonFile(layout.ports, portsSchema))?.gateway;
    const running = await runningRecord(layout, "gateway");
    const ports = { gateway: running?.port ?? (await freePort(last)) };
    if (running?.port === undefined && last !== undefined && last !== ports.gateway) {
        report(`port ${last} of gateway is now used by another program; gateway moves to port ${ports.gateway}`);
    }
    await writeJsonFile(layout.ports, ports);
    return ports;
}

/** Returns the preferred port if it is free, otherwise another one. */
async function freePort(preferred: number | undefined): Promise<number> {
    const server = (preferred !== undefined && (await listen(preferred))) || (await listen(0));
    if (!server)
        throw new Error("There is no free TCP port on 127.0.0.1; end programs that listen there, then try again.");
    const { port } = server.address() as net.AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    return port;
}

/** Opens a server on the port, 0 being any free one. @returns undefined when the port is taken */
function listen(port: number): Promise<net.Server | undefined> {
    return new Promise((resolve, reject) => {
        const server = net.createServer();
        server.on("error", (error: NodeJS.ErrnoException) =>
            ["EADDRINUSE", "EACCES"].includes(error.code ?? "") ? resolve(undefined) : reject(error),
        );
        server.listen(port, "127.0.0.1", () => resolve(server));
    });
}
