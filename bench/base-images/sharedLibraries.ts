import * as fs from "node:fs/promises";
import * as path from "node:path";
import { runCommand } from "../../local/world/toolchain/command";

/**
 * Copies the shared libraries that executables need, and the loader, to the same places below a root folder.
 *
 * @param executables executables and shared objects (absolute)
 * @returns the libraries (absolute)
 */
export async function copySharedLibraries(executables: string[], root: string): Promise<string[]> {
    const output = await runCommand("ldd", executables);
    const libraries = [...new Set(librariesOf(output))];
    for (const library of libraries) {
        const target = path.join(root, library);
        await fs.mkdir(path.dirname(target), { recursive: true });
        await fs.copyFile(library, target);
    }
    return libraries;
}

/** Lists the absolute paths in the output of ldd(1). */
export function librariesOf(output: string): string[] {
    return [...output.matchAll(/^\s+(?:\S+ => )?(\/\S+) \(0x[0-9a-f]+\)$/gm)].map(([, library = ""]) => library);
}
