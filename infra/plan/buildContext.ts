import { isUtf8 } from "node:buffer";
import * as fs from "node:fs";
import * as path from "node:path";
import { ignoreVerdict, isSearched, parseIgnoreFile, type IgnorePattern } from "./ignorePatterns";

/** Entry of a build context, with everything that can change an image. */
export interface ContextEntry {
    /** Path below the context, with forward slashes. */
    path: string;
    /** Kind of the entry. `special` is a pipe, a socket or a device: BuildKit sends those too. */
    kind: "file" | "executable" | "directory" | "link" | "special";
    /** Absolute path on this machine; the content of a file is read from here. */
    location: string;
    /** Target of a symbolic link, as it is written in the link. */
    target?: string;
    /** Setuid, setgid and sticky bits. @default - none is set */
    specialBits?: number;
    /** Type and number of a special file. */
    device?: string;
    /** Path of the first entry that is a hard link to the same file. @default - this is the first */
    sameFileAs?: string;
}

/**
 * Lists the entries of a context that Docker would send: everything that the ignore file does not exclude, ordered by the bytes of the
 * path. Directories are included, since `COPY` copies empty ones too.
 *
 * The ignore file is `<Dockerfile>.dockerignore` when there is one, else `<context>/.dockerignore`.
 *
 * @throws Error for an ignore file or pattern that Docker may read differently, and for a name that is not UTF-8
 * @see https://docs.docker.com/build/concepts/context/#dockerignore-files
 * @see https://github.com/tonistiigi/fsutil/blob/0257b3308df4/stat.go (entries as BuildKit's client sends them)
 */
export function contextEntries(context: string, dockerfile: string): ContextEntry[] {
    const found = walk(context, "", ignorePatterns(context, dockerfile));
    const files = new Map<string, string>();
    return found
        .sort((a, b) => Buffer.compare(Buffer.from(a.entry.path), Buffer.from(b.entry.path)))
        .map(({ entry, file }) => {
            const first = file === undefined ? undefined : files.get(file);
            if (file !== undefined && first === undefined) files.set(file, entry.path);
            return first === undefined ? entry : { ...entry, sameFileAs: first };
        });
}

/** Finds the ignore file of a context and a Dockerfile. @returns its path; undefined when there is none */
export function ignoreFile(context: string, dockerfile: string): string | undefined {
    return [`${dockerfile}.dockerignore`, path.join(context, ".dockerignore")].find(
        (name) => fs.lstatSync(name, { throwIfNoEntry: false }) !== undefined,
    );
}

/**
 * Reads the patterns of the ignore file of a context and a Dockerfile.
 *
 * @throws Error for an ignore file or pattern that Docker may read differently
 */
export function ignorePatterns(context: string, dockerfile: string): IgnorePattern[] {
    const file = ignoreFile(context, dockerfile);
    if (file === undefined) return [];
    const text = readOwnFile(file);
    if (!isUtf8(text)) throw new Error(`The ignore file ${file} is not UTF-8; save it as UTF-8.`);
    return parseIgnoreFile(text.toString());
}

/**
 * Reads a Dockerfile or an ignore file.
 *
 * @throws Error for a symbolic link: BuildKit follows it as if the folder that holds it were the root of the file system
 * @see https://github.com/tonistiigi/fsutil/blob/0257b3308df4/followlinks.go
 */
export function readOwnFile(location: string): Buffer {
    if (!fs.lstatSync(location).isFile()) {
        throw new Error(
            `${location} is no regular file, so BuildKit may read another one; put a copy of the file there.`,
        );
    }
    return fs.readFileSync(location);
}

/** Entry, with the identity of a file that has several names. */
interface FoundEntry {
    entry: ContextEntry;
    file?: string;
}

/**
 * Walks a directory of the context.
 *
 * @param parent answers of the patterns for the directory. Absent for the context itself
 */
function walk(context: string, directory: string, patterns: IgnorePattern[], parent?: boolean[]): FoundEntry[] {
    return fs.readdirSync(path.join(context, directory)).flatMap((name) => {
        const relative = directory === "" ? name : `${directory}/${name}`;
        // Node puts this character in the place of bytes that it cannot read.
        if (name.includes("\uFFFD")) {
            throw new Error(
                `The name ${relative} in ${context} is not UTF-8; rename it, or exclude the folder that holds it.`,
            );
        }
        const location = path.join(context, relative);
        const { isIgnored, matches } = ignoreVerdict(patterns, relative, parent);
        const stats = fs.lstatSync(location);
        if (!stats.isDirectory()) return isIgnored ? [] : [foundEntry(relative, location, stats)];
        const isWalked = !isIgnored || isSearched(patterns, relative);
        const children = isWalked ? walk(context, relative, patterns, matches) : [];
        // BuildKit also sends the directories above whatever is brought back.
        const isSent = !isIgnored || children.length > 0;
        return isSent ? [foundEntry(relative, location, stats), ...children] : [];
    });
}

function foundEntry(relative: string, location: string, stats: fs.Stats): FoundEntry {
    const at = { path: relative, location };
    if (stats.isSymbolicLink()) return { entry: { ...at, kind: "link", target: fs.readlinkSync(location) } };
    const specialBits = stats.mode & 0o7000;
    const withBits = specialBits === 0 ? at : { ...at, specialBits };
    if (stats.isDirectory()) return { entry: { ...withBits, kind: "directory" } };
    if (!stats.isFile()) {
        return { entry: { ...withBits, kind: "special", device: `${stats.mode & fs.constants.S_IFMT}:${stats.rdev}` } };
    }
    const kind = (stats.mode & fs.constants.S_IXUSR) === 0 ? "file" : "executable";
    return { entry: { ...withBits, kind }, ...(stats.nlink > 1 && { file: `${stats.dev}:${stats.ino}` }) };
}
