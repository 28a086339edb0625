import { spawn } from "node:child_process";
import { once } from "node:events";
import { elapsedSince, type Report } from "../toolchain";
import type { ServiceDefinition } from "./definitions";
import { baseEnvironment } from "./environment";
import { diskIsFull } from "./faults";
import { logFile, type WorldLayout } from "./layout";
import { endSession, isRunning, processStatus, type ProcessIdentity } from "../../machine/processes";
import { runningRecord, stopService, writeRecord, type ServiceRecord } from "./records";
import { openLog, reasonInLog } from "./serviceLog";
import { serviceStamp } from "./stamp";
import { serviceMarks } from "./strays";
import { waitFor } from "../../machine/waitFor";

/** Time (milliseconds) in which a process of an earlier run must show that it is healthy. */
const reuseDeadline = 3_000;

/**
 * Makes sure that a service runs in its present version and is healthy; a process of an earlier run is kept.
 *
 * @param onStarted function that takes each started process, so that a failed start can end it
 * @throws one sentence with the service, the reason and the log when it does not become healthy
 */
export async function ensureService(
    definition: ServiceDefinition,
    layout: WorldLayout,
    report: Report,
    onStarted: (record: ServiceRecord) => void,
    signal: AbortSignal,
): Promise<ServiceRecord> {
    const stamp = await serviceStamp(definition);
    const running = await runningRecord(layout, definition.name);
    if (running?.stamp === stamp && (await waitFor(definition.probe, reuseDeadline, signal))) return running;

    await stopService(layout, definition.name);
    await definition.beforeStart?.();
    const started = Date.now();
    signal.throwIfAborted();
    const identity = await launch(definition, layout);
    const record = { service: definition.name, ...identity, stamp };
    onStarted(record);
    await writeRecord(layout, record);
    const health = await waitUntilHealthy(definition, identity, layout, signal);
    const complete = { ...record, port: health.port };
    await writeRecord(layout, complete);
    report(`${definition.name} started (${elapsedSince(started)})`);
    return complete;
}

/** Starts the process in a session of its own, so that it outlives this one and no Ctrl-C reaches it. */
async function launch(definition: ServiceDefinition, layout: WorldLayout): Promise<ProcessIdentity> {
    const [executable, ...args] = definition.command;
    const log = await openLog(logFile(layout, definition.name));
    try {
        const child = spawn(executable, args, {
            cwd: layout.folder,
            detached: true,
            env: { ...baseEnvironment(layout), ...serviceMarks(layout, definition.name), ...definition.environment },
            stdio: ["ignore", log.fd, log.fd],
        });
        await once(child, "spawn");
        child.unref();
        const pid = child.pid ?? 0;
        const status = processStatus(pid);
        // One that has ended already is found so by the wait for health.
        return { pid, startTime: status?.startTime ?? 0 };
    } catch (error) {
        const { message } = error as Error;
        throw new Error(`${definition.name} could not be started: ${message}.`, { cause: error });
    } finally {
        await log.close();
    }
}

async function waitUntilHealthy(
    definition: ServiceDefinition,
    identity: ProcessIdentity,
    layout: WorldLayout,
    signal: AbortSignal,
) {
    const { name, deadline, probe } = definition;
    const outcome = await waitFor(
        // Asked first: another program may answer in place of a process that has ended.
        async () => (isRunning(identity) ? await probe() : "ended"),
        deadline,
        signal,
    );
    if (outcome !== undefined && outcome !== "ended") return outcome;
    await endSession(identity);
    const log = logFile(layout, name);
    const what = outcome === "ended" ? "ended while it was starting" : `was not healthy after ${deadline / 1000} s`;
    const reason = (await diskIsFull(layout.folder)) ? "the disk is full" : await reasonInLog(log);
    throw new Error(`${name} ${what}: ${reason} (log: ${log}).`);
}
