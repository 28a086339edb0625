import * as fs from "node:fs/promises";
import * as path from "node:path";

/** What the engine writes into a lock of a state kept in files. */
interface Lock {
    pid: number;
}

/**
 * Removes the locks of updates whose engine is gone, as after a power cut or `kill -9`: they would keep every later update out.
 * A lock whose process lives is left alone, and the engine says whom it waits for.
 *
 * @param state folder of the Pulumi backend
 */
export async function removeStaleLocks(state: string): Promise<void> {
    const folder = path.join(state, ".pulumi", "locks");
    for (const name of await fs.readdir(folder, { recursive: true }).catch(() => [])) {
        if (!name.endsWith(".json")) continue;
        const file = path.join(folder, name);
        if (await isStale(file)) await fs.rm(file, { force: true });
    }
}

/** A lock that was only half written has no owner either. */
async function isStale(file: string): Promise<boolean> {
    try {
        const { pid } = JSON.parse(await fs.readFile(file, "utf8")) as Lock;
        process.kill(pid, 0);
        return false;
    } catch (error) {
        return error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === "ESRCH";
    }
}
