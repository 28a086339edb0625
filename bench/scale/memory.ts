import { readdirSync, readFileSync } from "node:fs";

/** Interval (milliseconds) between looks at the processes. The kernel keeps the peaks, so only processes that end in between are missed. */
const interval = 100;

/** Memory of the processes that this one starts: the engine, its providers, and their children. */
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

/** Reads the peak of resident memory in a process's status file, in bytes. @see https://man7.org/linux/man-pages/man5/proc_pid_status.5.html */
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

/** Reads a value of a process. @returns undefined when the process has ended in the meantime */
function ifRunning<T>(read: () => T): T | undefined {
    try {
        return read();
    } catch (error) {
        if (["ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
        throw error;
    }
}
