import { randomBytes } from "node:crypto";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { BuildSite } from "./buildSite";
import { PhaseError } from "./phaseError";
import type { BuildShell } from "./shell";

/**
 * Expands variables and commands in a text as the build's shell does, in the source folder. Quotes have no meaning.
 *
 * @throws PhaseError when an expansion fails
 */
export async function expand(text: string, shell: BuildShell, site: BuildSite, signal: AbortSignal): Promise<string> {
    const end = `END_${randomBytes(8).toString("hex")}`;
    const file = path.join(site.stateDirectory, "expansion");
    const command = `( cd "$CODEBUILD_SRC_DIR" && command -p cat >'${file}' <<${end}\n${text}\n${end}\n)`;
    const status = await shell.run(command, signal);
    if (status !== 0)
        throw new PhaseError("CLIENT_ERROR", `The shell could not expand "${text}": exit status ${status}.`);
    return (await fs.readFile(file, "utf8")).trim();
}
