import * as fs from "node:fs/promises";
import * as path from "node:path";
import { gzipSync } from "node:zlib";

/** Size of a file, or of all files of a folder together, compressed by gzip. */
export async function compressedSize(location: string): Promise<number> {
    if ((await fs.stat(location)).isFile()) return gzipSync(await fs.readFile(location)).length;
    const entries = await fs.readdir(location, { withFileTypes: true, recursive: true });
    const files = entries.filter((entry) => entry.isFile());
    const contents = await Promise.all(files.map((file) => fs.readFile(path.join(file.parentPath, file.name))));
    return gzipSync(Buffer.concat(contents)).length;
}
