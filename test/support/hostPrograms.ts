import * as fs from "node:fs/promises";
import * as path from "node:path";
import { runCommand } from "../../local/world/toolchain/command";

/** Copies files of this machine, and the shared libraries that they need, to the same paths below a folder. */
export async function copyPrograms(files: string[], root: string): Promise<void> {
    const resolved = await Promise.all(files.map((file) => fs.realpath(file)));
    // ldd fails when one of the files is a script or linked statically, and still names the libraries of the others.
    const listing = await runCommand("sh", ["-c", 'ldd "$@" 2>/dev/null || true', "sh", ...resolved]);
    const libraries = [...listing.matchAll(/(?:=> |^\t)(\/\S+) \(0x/gm)].map(([, library]) => library!);
    for (const file of new Set([...resolved, ...libraries])) {
        const copy = path.join(root, file);
        await fs.mkdir(path.dirname(copy), { recursive: true });
        await fs.copyFile(file, copy);
    }
}
