import * as fs from "node:fs/promises";
import * as path from "node:path";
import { gzipSync } from "node:zlib";

/** Computes the size of all files of a folder together, compressed by gzip. */
export async function compressedSize(folder: string): Promise<number> {
    const entries = await fs.readdir(folder, { withFileTypes: true, recursive: true });
    const files = entries.filter((entry) => entry.isFile());
    const contents = await Promise.all(files.map((file) => fs.readFile(path.join(file.parentPath, file.name))));
    return gzipSync(Buffer.concat(contents)).length;
}
