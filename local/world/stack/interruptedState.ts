import * as fs from "node:fs/promises";
import * as path from "node:path";
import { z } from "zod";
import { readJsonFile } from "../../machine/jsonFile";
import { processStatus } from "../../machine/processes";

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
    await removeOthers(path.join(state, ".pulumi", "locks"), ".json", lockInForce);
    await removeOthers(path.join(state, ".pulumi", "stacks"), ".attrs", z.unknown());
}

/** Schema of the lock that a running engine writes for a state kept in files. */
const lockInForce = z.object({ pid: z.number() }).refine(({ pid }) => processStatus(pid) !== undefined);

/** Removes JSON files below a folder that are half-written or of another form. */
async function removeOthers(folder: string, extension: string, schema: z.ZodType): Promise<void> {
    const names = await fs.readdir(folder, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return [];
        throw error;
    });
    for (const file of names.filter((name) => name.endsWith(extension)).map((name) => path.join(folder, name))) {
        if ((await readJsonFile(file, schema)) === undefined) await fs.rm(file, { force: true });
    }
}
