import { createHash } from "node:crypto";
import * as fs from "node:fs/promises";
import * as net from "node:net";

/**
 * Runs an action while no other process runs one for the same folder.
 *
 * The lock is a Unix socket in Linux's abstract namespace (unix(7)), named after the folder. The kernel gives it to one process and takes
 * it back at that process's end. So the lock can neither go stale nor be stolen.
 *
 * @param folder existing folder to have alone
 * @param onWait function that takes the process id of a holder before the wait
 * @param signal signal that ends the wait
 * @throws the signal's reason when aborted while waiting, and errors of the action
 */
export async function withLock<T>(
    folder: string,
    onWait: (holder: number) => void,
    signal: AbortSignal | undefined,
    action: () => Promise<T>,
): Promise<T> {
    const name = await lockName(folder);
    let lock = await acquire(name);
    while (lock === undefined) {
        await waitForRelease(name, onWait, signal);
        lock = await acquire(name);
    }
    try {
        return await action();
    } finally {
        lock.release();
    }
}

async function lockName(folder: string): Promise<string> {
    const hash = createHash("sha256")
        .update(await fs.realpath(folder))
        .digest("hex");
    return `\0cached-image-pipeline-${hash.slice(0, 32)}`;
}

async function acquire(name: string): Promise<{ release: () => void } | undefined> {
    const waiters = new Set<net.Socket>();
    const server = net.createServer((waiter) => {
        waiters.add(waiter);
        waiter.on("close", () => waiters.delete(waiter)).on("error", () => waiter.destroy());
        waiter.unref().write(`${process.pid}\n`);
    });
    return new Promise((resolve, reject) => {
        server.on("error", (error: NodeJS.ErrnoException) =>
            error.code === "EADDRINUSE" ? resolve(undefined) : reject(error),
        );
        server.listen(name, () =>
            resolve({
                release: () => {
                    server.close();
                    waiters.forEach((waiter) => waiter.destroy());
                },
            }),
        );
        server.unref();
    });
}

/** Waits for the holder, which keeps every waiter's connection open until it is done. */
async function waitForRelease(
    name: string,
    onWait: (holder: number) => void,
    signal: AbortSignal | undefined,
): Promise<void> {
    signal?.throwIfAborted();
    await new Promise<void>((resolve) => {
        const connection = net.connect(name);
        const giveUp = () => connection.destroy();
        signal?.addEventListener("abort", giveUp, { once: true });
        connection.once("data", (holder) => onWait(Number(holder.toString())));
        // An error means that the holder has just ended; "close" follows it.
        connection.on("error", () => connection.destroy());
        connection.on("close", () => {
            signal?.removeEventListener("abort", giveUp);
            resolve();
        });
    });
    signal?.throwIfAborted();
}
