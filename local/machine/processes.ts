import * as fs from "node:fs";
import { waitFor } from "./waitFor";

/** Identity of a process, which no later process with the same id shares. */
export interface ProcessIdentity {
    pid: number;
    /** Start of the process, in clock ticks since the machine's start (field 22 of /proc/<pid>/stat, proc(5)). */
    startTime: number;
}

/** Status of a running process, as in /proc/<pid>/stat. */
export interface ProcessStatus extends ProcessIdentity {
    parent: number;
    session: number;
}

/** Time (milliseconds) that a process may take to end after SIGTERM, and after SIGKILL. */
const termination = { graceful: 10_000, forced: 5_000 };

/** Reads the status of a process. @returns undefined when it has ended, even with an uncollected exit code */
export function processStatus(pid: number): ProcessStatus | undefined {
    let text: string;
    try {
        text = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
    } catch {
        return undefined;
    }
    // The second field, a name in parentheses, may contain anything; the third follows the last parenthesis.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    const field = (number: number) => Number(fields[number - 3]);
    const hasEnded = ["Z", "X"].includes(fields[0] ?? "X");
    return hasEnded ? undefined : { pid, parent: field(4), session: field(6), startTime: field(22) };
}

/** Tells whether exactly this process is still running. */
export function isRunning({ pid, startTime }: ProcessIdentity): boolean {
    return processStatus(pid)?.startTime === startTime;
}

/** Lists every running process that this user can see. */
export function allProcesses(): ProcessStatus[] {
    return fs
        .readdirSync("/proc")
        .filter((name) => /^\d+$/.test(name))
        .map((name) => processStatus(Number(name)))
        .filter((status) => status !== undefined);
}

/**
 * Ends a process that leads a session, and all processes of the session: SIGTERM to the leader, SIGKILL after the deadline.
 *
 * @throws Error when a process remains after that
 */
export async function endSession(leader: ProcessIdentity): Promise<void> {
    send(leader, "SIGTERM");
    await waitForEnd([leader], termination.graceful);
    const remaining = [leader, ...orphansOf(leader)].filter(isRunning);
    remaining.forEach((identity) => send(identity, "SIGKILL"));
    await waitForEnd(remaining, termination.forced);
    const stubborn = remaining.find(isRunning);
    if (stubborn)
        throw new Error(`Process ${stubborn.pid} does not end, not even with SIGKILL; end it, then try again.`);
}

/**
 * Lists the remaining processes of a session. The kernel gives the id of a session with processes to no new process. So a process with that
 * id means that none remains.
 */
function orphansOf(leader: ProcessIdentity): ProcessIdentity[] {
    const present = processStatus(leader.pid);
    if (present !== undefined && present.startTime !== leader.startTime) return [];
    return allProcesses().filter(({ session }) => session === leader.pid);
}

/** Signals exactly this process, if it is still there. */
export function send(identity: ProcessIdentity, signal: NodeJS.Signals): void {
    if (!isRunning(identity)) return;
    try {
        process.kill(identity.pid, signal);
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
}

/** Waits until all processes have ended or the deadline (milliseconds) is over. */
export async function waitForEnd(identities: ProcessIdentity[], deadline: number): Promise<void> {
    await waitFor(() => (identities.some(isRunning) ? undefined : true), deadline);
}
