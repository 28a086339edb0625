import * as fs from "node:fs/promises";
import * as path from "node:path";

/** Writes files below a folder. @param files contents by relative path */
export async function writeFiles(folder: string, files: Record<string, string | Buffer>): Promise<void> {
    for (const [name, content] of Object.entries(files)) {
        const file = path.join(folder, name);
        await fs.mkdir(path.dirname(file), { recursive: true });
        await fs.writeFile(file, content);
    }
}
