import * as fs from "node:fs";
import { waitFor } from "./waitFor";

/** A process that cannot be mistaken for a later one with the same id. */
export interface ProcessIdentity {
    pid: number;
    /** When it was started, in clock ticks since the machine's start (field 22 of /proc/<pid>/stat, proc(5)). */
    startTime: number;
}

/** A running process as /proc/<pid>/stat shows it. */
export interface ProcessStatus extends ProcessIdentity {
    parent: number;
    session: number;
}

/** How long (milliseconds) a process may take to end after SIGTERM, and after SIGKILL. */
const termination = { graceful: 10_000, forced: 5_000 };

/** @returns the status of a process; undefined when it has ended, also when nobody has collected its exit code yet */
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

/** @returns whether exactly this process is still running */
export function isRunning({ pid, startTime }: ProcessIdentity): boolean {
    return processStatus(pid)?.startTime === startTime;
}

/** @returns every running process that this user can see */
export function allProcesses(): ProcessStatus[] {
    return fs
        .readdirSync("/proc")
        .filter((name) => /^\d+$/.test(name))
        .map((name) => processStatus(Number(name)))
        .filter((status) => status !== undefined);
}

/**
 * Ends a process that leads a session, and whatever is left of the session: SIGTERM to the leader, SIGKILL after a while.
 *
 * @throws when something is still there after that
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
 * While processes of a session are left, the kernel gives the session's id to no new process. A process that has the id
 * again therefore means that none is left.
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

/** @returns once all have ended or the time (milliseconds) is over */
export async function waitForEnd(identities: ProcessIdentity[], deadline: number): Promise<void> {
    await waitFor(() => (identities.some(isRunning) ? undefined : true), deadline);
}
