import * as fs from "node:fs";
import type { ServiceName, WorldLayout } from "./layout";
import { unmountBelow } from "./mounts";
import { allProcesses, endSession, send, waitForEnd, type ProcessIdentity } from "../../machine/processes";

/** Environment variables that identify every service without its record. */
const marks = { world: "CACHED_IMAGE_PIPELINE_WORLD", service: "CACHED_IMAGE_PIPELINE_SERVICE" };

/** Time (milliseconds) in which processes of a build step must vanish after SIGKILL. */
const killDeadline = 5_000;

/** Makes the marks of a service's process. */
export function serviceMarks(layout: WorldLayout, service: ServiceName): Record<string, string> {
    return { [marks.world]: layout.folder, [marks.service]: service };
}

/**
 * Ends services of this world without a record, which was lost or never written.
 *
 * @param recorded the processes that records name
 */
export async function endStrayServices(layout: WorldLayout, recorded: ProcessIdentity[]): Promise<void> {
    const known = new Set(recorded.map(({ pid }) => pid));
    const strays = allProcesses().filter(
        ({ pid, parent, session }) =>
            pid === session && !known.has(pid) && !known.has(parent) && isService(pid, layout.folder),
    );
    await Promise.all(strays.map(endSession));
}

/**
 * Removes the leftovers of a killed BuildKit or Docker: processes of build steps or containers, and mounts. Data are kept.
 *
 * @param folder folder with its data (absolute); the other one may be running
 */
export async function clearContainerLeftovers(folder: string): Promise<void> {
    await endStrayContainers(folder);
    await unmountBelow(folder);
}

/**
 * Ends the processes of BuildKit's steps and Docker's containers after those were killed. They run in sessions of their own.
 *
 * @param folder folder with the data of BuildKit or Docker (absolute)
 */
export async function endStrayContainers(folder: string): Promise<void> {
    const strays = allProcesses().filter(({ pid }) => rootMount(pid).includes(`${folder}/`));
    strays.forEach((identity) => send(identity, "SIGKILL"));
    await waitForEnd(strays, killDeadline);
}

function isService(pid: number, world: string): boolean {
    const variables = readProcessFile(pid, "environ").split("\0");
    return (
        variables.includes(`${marks.world}=${world}`) && variables.some((text) => text.startsWith(`${marks.service}=`))
    );
}

/** Reads the line of a process's mount table that describes its root folder; it names the snapshot's folders. */
function rootMount(pid: number): string {
    const lines = readProcessFile(pid, "mountinfo").split("\n");
    return lines.find((line) => line.split(" ")[4] === "/") ?? "";
}

/** Reads a file of a process; empty when the process has ended or belongs to another user. */
function readProcessFile(pid: number, name: string): string {
    try {
        return fs.readFileSync(`/proc/${pid}/${name}`, "utf8");
    } catch {
        return "";
    }
}
