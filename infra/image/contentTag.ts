import { createHash, type Hash } from "node:crypto";
import * as fs from "node:fs";
import { contextEntries } from "./buildContext";

/** Everything that can change an image and is known before it is built. */
export interface ImageSource {
    /** Absolute path of the build context. */
    context: string;
    /** Absolute path of the Dockerfile; it may lie outside the context. */
    dockerfile: string;
    /** Stage to build. @default - the last stage of the Dockerfile */
    target?: string;
    /** Build arguments, the base registry among them. */
    buildArgs: Record<string, string>;
    /** Platforms such as `linux/amd64`; their order does not matter. */
    platforms: string[];
    /** Changed by hand when a base image must be picked up again although no file changed. */
    rebuildKey: string;
}

/** Moves when the meaning of the hash changes, so that tags of two versions of this file never meet. */
const hashVersion = "1";

/** Size of the pieces in which files are read, in bytes. */
const chunkSize = 1 << 20;

/**
 * The tag `src-<hash>` under which an image of this source is looked for before it is built.
 *
 * Two sources with the same tag give the same image as far as files, Dockerfile, arguments, target and platforms decide it;
 * file times and the umask of a checkout are left out. A different tag for the same image only costs a cached build, the other
 * way round would ship the wrong image: whatever is in doubt is part of the hash.
 */
export function contentTag(source: ImageSource): string {
    return `src-${contentHash(source)}`;
}

function contentHash(source: ImageSource): string {
    const hash = createHash("sha256");
    field(hash, "version", hashVersion);
    field(hash, "dockerfile", fs.readFileSync(source.dockerfile));
    field(hash, "target", source.target ?? "");
    field(hash, "rebuild key", source.rebuildKey);
    for (const platform of [...source.platforms].sort()) field(hash, "platform", platform);
    for (const [name, value] of Object.entries(source.buildArgs).sort(([a], [b]) => (a < b ? -1 : 1))) {
        field(hash, "argument", name);
        field(hash, "value", value);
    }
    for (const entry of contextEntries(source.context, source.dockerfile)) {
        field(hash, entry.kind, entry.path);
        if (entry.kind === "link") field(hash, "target", entry.target ?? "");
        if (entry.kind === "file" || entry.kind === "executable") field(hash, "content", fileDigest(entry.location));
    }
    return hash.digest("hex").slice(0, 40);
}

/** Adds a labelled value together with its length, so that no two lists of fields give the same bytes. */
function field(hash: Hash, label: string, value: string | Buffer): void {
    const bytes = typeof value === "string" ? Buffer.from(value) : value;
    hash.update(`${label}:${bytes.length}:`);
    hash.update(bytes);
}

function fileDigest(location: string): Buffer {
    const hash = createHash("sha256");
    const chunk = Buffer.allocUnsafe(chunkSize);
    const file = fs.openSync(location, "r");
    try {
        for (let read = fs.readSync(file, chunk); read > 0; read = fs.readSync(file, chunk)) {
            hash.update(chunk.subarray(0, read));
        }
    } finally {
        fs.closeSync(file);
    }
    return hash.digest();
}
