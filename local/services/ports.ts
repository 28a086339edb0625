import * as net from "node:net";
import { z } from "zod";
import type { Report } from "../toolchain";
import { readJsonFile, writeJsonFile } from "./jsonFile";
import type { WorldLayout } from "./layout";
import { runningRecord } from "./records";

const servicesWithPort = ["ministack", "gateway"] as const;
const portsSchema = z.record(z.enum(servicesWithPort), z.number().int().min(1).max(65535));

/** The TCP ports on 127.0.0.1 that services are told to listen on. */
export type Ports = z.infer<typeof portsSchema>;

/**
 * Chooses the services' ports: that of the running process, otherwise that of the last run when it is still free (the
 * registry's address is part of what an image build is identified by), otherwise a free one.
 */
export async function choosePorts(layout: WorldLayout, report: Report): Promise<Ports> {
    const remembered = await readJsonFile(layout.ports, portsSchema);
    const held: net.Server[] = [];
    const choose = async (service: keyof Ports): Promise<number> => {
        const running = await runningRecord(layout, service);
        if (running?.port !== undefined) return running.port;
        const last = remembered?.[service];
        const server = (last !== undefined && (await listen(last))) || (await listen(0));
        if (!server)
            throw new Error("There is no free TCP port on 127.0.0.1; end programs that listen there, then try again.");
        // Held until all are chosen, so that no two services get the same one.
        held.push(server);
        const { port } = server.address() as net.AddressInfo;
        if (last !== undefined && last !== port) {
            report(`port ${last} of ${service} is now used by another program; ${service} moves to port ${port}`);
        }
        return port;
    };
    try {
        const ports = { ministack: await choose("ministack"), gateway: await choose("gateway") };
        await writeJsonFile(layout.ports, ports);
        return ports;
    } finally {
        await Promise.all(held.map((server) => new Promise((resolve) => server.close(resolve))));
    }
}

/** @returns a server that listens on the port, 0 being any free one; undefined when the port is not to be had */
function listen(port: number): Promise<net.Server | undefined> {
    return new Promise((resolve, reject) => {
        const server = net.createServer();
        server.on("error", (error: NodeJS.ErrnoException) =>
            ["EADDRINUSE", "EACCES"].includes(error.code ?? "") ? resolve(undefined) : reject(error),
        );
        server.listen(port, "127.0.0.1", () => resolve(server));
    });
}
