import * as fs from "node:fs";
import * as path from "node:path";

/**
 * Resolves a path to the file of a Pulumi asset.
 *
 * @param folders folders where files of assets may lie
 * @throws Error for a file that lies elsewhere, also behind a symbolic link
 */
export function assetFile(file: string, folders: string[]): string {
    const real = fs.realpathSync(file);
    const isBelow = (folder: string) => real.startsWith(`${fs.realpathSync(folder)}${path.sep}`);
    if (folders.some((folder) => fs.existsSync(folder) && isBelow(folder))) return real;
    throw new Error(`The local aws provider reads files below ${folders.join(" and ")} only, not ${file}.`);
}
