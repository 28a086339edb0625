import * as fs from "node:fs/promises";
import { unzipSync, type Zippable, zipSync } from "fflate";

/** File in an archive. */
export interface ZipEntry {
    /** Path with slashes. */
    name: string;
    content: Buffer;
    /** Permission bits, such as 0o755. */
    mode: number;
}

/** Number of Unix among the systems of the ZIP format, which gives the upper half of the attributes its meaning. */
const unix = 3;
const regularFile = 0o100000;
/** Earliest time of the format, so that the same files give the same bytes. */
const time = new Date(1980, 0, 1);

/** Makes a ZIP archive. The same files give the same bytes. */
export function zipArchive(entries: ZipEntry[]): Buffer {
    const files: Zippable = Object.fromEntries(
        entries.map(({ name, content, mode }) => [
            name,
            [content, { os: unix, attrs: ((regularFile | mode) << 16) >>> 0, mtime: time }],
        ]),
    );
    return Buffer.from(zipSync(files));
}

/** Makes a ZIP archive of files of this machine. @param files absolute paths with the names in the archive */
export async function zipFiles(files: { location: string; name: string }[]): Promise<Buffer> {
    const entries = files.map(async ({ location, name }) => {
        return { name, content: await fs.readFile(location), mode: (await fs.stat(location)).mode & 0o777 };
    });
    return zipArchive(await Promise.all(entries));
}

/**
 * Reads the files of a ZIP archive; its folders are left out. Files of an archive from another system than Unix get 0o644.
 *
 * @throws Error for bytes that are no archive, and for an entry that is neither a file nor a folder
 */
export function readZip(bytes: Buffer): ZipEntry[] {
    const modes = fileModes(bytes);
    return Object.entries(unzipSync(bytes)).flatMap(([name, content]) => {
        const mode = modes.get(name) ?? 0;
        if (name.endsWith("/")) return [];
        const kind = mode & 0o170000;
        if (kind !== 0 && kind !== regularFile) throw new Error(`${name} is neither a file nor a folder`);
        return [{ name, content: Buffer.from(content), mode: mode & 0o777 || 0o644 }];
    });
}

/** Places of the fields of the format, in bytes. @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3.12 and 4.3.16 */
const end = { signature: 0x06054b50, size: 22, entries: 10, directory: 16 };
const entry = { size: 46, system: 5, name: 28, extra: 30, comment: 32, attributes: 38 };

/** Reads the Unix modes in the archive's directory, by name; fflate does not report them. */
function fileModes(bytes: Buffer): Map<string, number> {
    let at = bytes.length - end.size;
    while (at >= 0 && bytes.readUInt32LE(at) !== end.signature) at -= 1;
    if (at < 0) throw new Error("it is no ZIP archive");
    const modes = new Map<string, number>();
    let place = bytes.readUInt32LE(at + end.directory);
    for (let left = bytes.readUInt16LE(at + end.entries); left > 0; left -= 1) {
        const length = bytes.readUInt16LE(place + entry.name);
        const name = bytes.toString("utf8", place + entry.size, place + entry.size + length);
        const isUnix = bytes.readUInt8(place + entry.system) === unix;
        modes.set(name, isUnix ? bytes.readUInt32LE(place + entry.attributes) >>> 16 : 0);
        const more = bytes.readUInt16LE(place + entry.extra) + bytes.readUInt16LE(place + entry.comment);
        place += entry.size + length + more;
    }
    return modes;
}
