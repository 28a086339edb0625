import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { ToolContext, ToolFolders } from "./context";
import { ExecutableVersions } from "./executableVersions";
import { withLock } from "./lock";
import { Pace } from "./pace";
import type { Report } from "./report";
import { openStore } from "./store";

/** Task that installs or finds a tool. */
export type ToolTask<T> = (context: ToolContext) => Promise<T>;

/** Function that begins a task as soon as this process may install tools. Nobody has to handle the promise's rejection. */
export type Begin = <T>(task: ToolTask<T>) => Promise<T>;

/** Tasks that share a context and the lock of the folder of tools. */
export interface ToolSession {
    /** Function that begins a task that the others need: its failure aborts them. */
    begin: Begin;
    /** Function that begins a task whose failure does not affect the others. */
    beginOptional: Begin;
    /**
     * Function that waits for tasks, also for the rest of them when one fails, so that none continues unseen.
     *
     * @throws the first failure; the signal's reason when aborted
     */
    finish: (tasks: Promise<unknown>[]) => Promise<void>;
}

/**
 * Opens a session of finding and installing tools, one at a time for a folder. Its tasks begin before this function's caller yields; the
 * session ends, and releases the folder, when all of them have ended.
 *
 * @param signal signal that aborts all tasks
 */
export function openToolSession(folders: ToolFolders, report: Report, signal?: AbortSignal): ToolSession {
    const failure = new AbortController();
    const linked = signal ? AbortSignal.any([signal, failure.signal]) : failure.signal;
    const tasks: Promise<unknown>[] = [];
    const opened = new Promise<ToolContext>((resolve, reject) => {
        withToolsLock(folders.toolsDirectory, report, linked, async () => {
            resolve(await openToolContext(folders, report, linked));
            await Promise.allSettled(tasks);
        }).catch(reject);
    });
    const beginOptional: Begin = (task) => {
        const running = opened.then(task);
        running.catch(() => undefined);
        tasks.push(running);
        return running;
    };
    return {
        beginOptional,
        begin: (task) => {
            const running = beginOptional(task);
            running.catch((error: unknown) => failure.abort(error));
            return running;
        },
        finish: async (awaited) => {
            const results = await Promise.allSettled(awaited);
            linked.throwIfAborted();
            for (const result of results) if (result.status === "rejected") throw result.reason;
            await (await opened).versions.save();
        },
    };
}

/** Opens the context of the tasks. @throws one sentence when the shared folder may not be used */
export async function openToolContext(
    folders: ToolFolders,
    report: Report,
    signal?: AbortSignal,
): Promise<ToolContext> {
    await openStore(folders.storeDirectory);
    const versions = await ExecutableVersions.open(path.join(folders.storeDirectory, "versions.json"));
    const pace = await Pace.open(path.join(folders.storeDirectory, "pace.json"));
    return { ...folders, versions, pace, report, signal };
}

async function withToolsLock(
    folder: string,
    report: Report,
    signal: AbortSignal,
    action: () => Promise<void>,
): Promise<void> {
    await fs.mkdir(folder, { recursive: true });
    const onWait = (holder: number) => report(`waiting for process ${holder}, which sets up the same tools …`);
    await withLock(folder, onWait, signal, action);
}
