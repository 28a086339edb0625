import * as fs from "node:fs/promises";
import * as path from "node:path";

/** Lock that the engine writes for a state kept in files. */
interface Lock {
    pid: number;
}

/**
 * Repairs a state whose engine was killed, as by a power cut:
 *
 * - Locks of engines that are gone would block every later update. A lock whose process lives is left alone, and the engine
 *   names the process that it waits for.
 * - A half-written `.attrs` file beside a state would be refused with "failed to load checkpoint: EOF"; it only describes the
 *   file's type, and may be absent. The state itself is replaced as a whole and is never half written.
 *
 * @param state folder of the Pulumi backend
 * @see https://pkg.go.dev/gocloud.dev/blob/fileblob
 */
export async function recoverInterruptedState(state: string): Promise<void> {
    await removeFiles(path.join(state, ".pulumi", "locks"), ".json", (lock) => !isRunning((lock as Lock).pid));
    await removeFiles(path.join(state, ".pulumi", "stacks"), ".attrs", () => false);
}

/** Removes useless and half-written JSON files below a folder. */
async function removeFiles(folder: string, extension: string, isUseless: (value: unknown) => boolean): Promise<void> {
    const names = await fs.readdir(folder, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return [];
        throw error;
    });
    for (const file of names.filter((name) => name.endsWith(extension)).map((name) => path.join(folder, name))) {
        const value = parse(await fs.readFile(file, "utf8"));
        if (value === undefined || isUseless(value)) await fs.rm(file, { force: true });
    }
}

/** Parses JSON. @returns undefined for a text that is not JSON */
function parse(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch (error) {
        if (error instanceof SyntaxError) return undefined;
        throw error;
    }
}

function isRunning(pid: number): boolean {
    try {
        return process.kill(pid, 0);
    } catch (error) {
        return (error as NodeJS.ErrnoException).code !== "ESRCH";
    }
}
