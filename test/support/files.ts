import * as fs from "node:fs";
import * as path from "node:path";

/** Lists all files below a folder. */
export function filesBelow(folder: string): string[] {
    return fs
        .readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.join(entry.parentPath, entry.name));
}

/** Reads the texts of all files below a folder. */
export function readAll(folder: string): string {
    return filesBelow(folder)
        .map((file) => fs.readFileSync(file, "utf8"))
        .join("\n");
}
