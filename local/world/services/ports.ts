import { z } from "zod";
import type { Report } from "../toolchain";
import { freePort, isFree } from "../../machine/freePort";
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
    const idle = async () => (last !== undefined && (await isFree(last)) ? last : freePort());
    const ports = { gateway: running?.port ?? (await idle()) };
    if (running?.port === undefined && last !== undefined && last !== ports.gateway) {
        report(`port ${last} of gateway is now used by another program; gateway moves to port ${ports.gateway}`);
    }
    await writeJsonFile(layout.ports, ports);
    return ports;
}
