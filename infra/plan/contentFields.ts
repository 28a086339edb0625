import { createHash, type Hash } from "node:crypto";
import * as fs from "node:fs";
import type { ContextEntry } from "./buildContext";
import type { Compression } from "./compression";

/** Size of the pieces in which files are read, in bytes. */
const chunkSize = 1 << 20;

/** Adds a labelled value to a hash together with its length, so that no two lists of fields give the same bytes. */
export function addField(hash: Hash, label: string, value: string | Buffer): void {
    const bytes = typeof value === "string" ? Buffer.from(value) : value;
    hash.update(`${label}:${bytes.length}:`);
    hash.update(bytes);
}

/** Adds build arguments to a hash; their order does not matter. */
export function addArguments(hash: Hash, buildArgs: Record<string, string>): void {
    for (const [name, value] of Object.entries(buildArgs).sort(([a], [b]) => (a < b ? -1 : 1))) {
        addField(hash, "argument", name);
        addField(hash, "value", value);
    }
}

/** Adds the compression of layers to a hash. gzip adds nothing to the hash, so tags from before zstd stay valid. */
export function addCompression(hash: Hash, compression: Compression): void {
    if (compression !== "gzip") addField(hash, "compression", compression);
}

/**
 * Adds entries of a build context to a hash: path, kind, the fields of the kind, and the content of files.
 *
 * @param contentDigest function that computes the digest of a file's content from its absolute path
 */
export function addEntries(hash: Hash, entries: ContextEntry[], contentDigest = fileDigest): void {
    for (const entry of entries) {
        addField(hash, entry.kind, entry.path);
        if (entry.target !== undefined) addField(hash, "target", entry.target);
        if (entry.specialBits !== undefined) addField(hash, "special bits", entry.specialBits.toString(8));
        if (entry.device !== undefined) addField(hash, "device", entry.device);
        if (entry.sameFileAs !== undefined) addField(hash, "same file as", entry.sameFileAs);
        if (entry.kind === "file" || entry.kind === "executable") {
            addField(hash, "content", contentDigest(entry.location));
        }
    }
}

/** Computes the SHA-256 of a file, read piece by piece. */
export function fileDigest(location: string): Buffer {
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
