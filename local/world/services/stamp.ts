import { createHash } from "node:crypto";
import * as fs from "node:fs/promises";
import type { ServiceDefinition } from "./definitions";

/**
 * Hashes the inputs of a service's process: command, environment, sources, the executable itself and the process that it depends on. A
 * process with another stamp is of an earlier version.
 */
export async function serviceStamp(definition: ServiceDefinition): Promise<string> {
    const { command, environment, dependsOn, sources } = definition;
    const executable = await fs.stat(command[0]).catch(() => undefined);
    const parts = [command, environment, dependsOn, executable?.size, executable?.mtimeMs];
    const hash = createHash("sha256").update(JSON.stringify(parts));
    for (const file of (await sources?.()) ?? []) hash.update(`${file}\0`).update(await fs.readFile(file));
    return hash.digest("hex");
}
