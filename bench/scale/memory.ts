import { readdirSync, readFileSync } from "node:fs";

/** How often (milliseconds) the processes are looked at. The kernel keeps the peaks, so only what ends in between is missed. */
const interval = 100;

/** Follows the memory of the processes that this one starts: the engine, its providers, and what they start. */
export class ProcessTreeMemory {
    private readonly peaks = new Map<number, number>();
    private readonly timer = setInterval(() => this.look(), interval);

    /** Ends the watch. @returns the sum of the processes' peaks of resident memory, in bytes */
    end(): number {
        clearInterval(this.timer);
        this.look();
        return [...this.peaks.values()].reduce((sum, peak) => sum + peak, 0);
    }

    private look(): void {
        for (const pid of descendants(process.pid)) {
            const peak = peakOf(readProcess(pid, "status"));
            if (peak !== undefined) this.peaks.set(pid, peak);
        }
    }
}

/** The peak of resident memory in a process's status file, in bytes. @see https://man7.org/linux/man-pages/man5/proc_pid_status.5.html */
export function peakOf(status: string): number | undefined {
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}

function descendants(pid: number): number[] {
    const children = threads(pid).flatMap((thread) =>
        readProcess(pid, `task/${thread}/children`).split(" ").filter(Boolean).map(Number),
    );
    return children.flatMap((child) => [child, ...descendants(child)]);
}

function threads(pid: number): string[] {
    return ifRunning(() => readdirSync(`/proc/${pid}/task`)) ?? [];
}

function readProcess(pid: number, file: string): string {
    return ifRunning(() => readFileSync(`/proc/${pid}/${file}`, "utf8").trim()) ?? "";
}

/** @returns undefined when the process has ended in the meantime */
function ifRunning<T>(read: () => T): T | undefined {
    try {
        return read();
    } catch (error) {
        if (["ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
        throw error;
    }
}
