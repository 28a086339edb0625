import { type Zippable, zipSync } from "fflate";

/** A file in an archive. */
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
/** The earliest time that the format knows, so that the same files give the same bytes. */
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
