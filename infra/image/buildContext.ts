import * as fs from "node:fs";
import * as path from "node:path";
import { ignoreVerdict, parseIgnoreFile, type IgnorePattern } from "./ignorePatterns";

/** One entry of a build context, as far as it can change an image. */
export interface ContextEntry {
    /** Path below the context, with forward slashes. */
    path: string;
    kind: "file" | "executable" | "directory" | "link";
    /** Absolute path on this machine; the content of a file is read from here. */
    location: string;
    /** Target of a symbolic link, as it is written in the link. */
    target?: string;
}

/**
 * Lists what Docker would send of a context: everything that the ignore file does not exclude, directories included since
 * `COPY` copies empty ones too, ordered by the bytes of the path.
 *
 * The ignore file is `<Dockerfile>.dockerignore` when there is one, else `<context>/.dockerignore`.
 *
 * @throws Error for an ignore pattern that Docker refuses too
 * @see https://docs.docker.com/build/concepts/context/#dockerignore-files
 */
export function contextEntries(context: string, dockerfile: string): ContextEntry[] {
    const entries = walk(context, "", ignorePatterns(context, dockerfile));
    return entries.sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
}

/** The ignore file that counts for a context and a Dockerfile. @returns its path; undefined when there is none */
export function ignoreFile(context: string, dockerfile: string): string | undefined {
    return [`${dockerfile}.dockerignore`, path.join(context, ".dockerignore")].find((name) => fs.existsSync(name));
}

/**
 * The patterns of the ignore file that counts for a context and a Dockerfile.
 *
 * @throws Error for an ignore pattern that Docker refuses too
 */
export function ignorePatterns(context: string, dockerfile: string): IgnorePattern[] {
    const file = ignoreFile(context, dockerfile);
    return file === undefined ? [] : parseIgnoreFile(fs.readFileSync(file, "utf8"));
}

/** @param parent what the patterns said of the directory. Absent for the context itself */
function walk(context: string, directory: string, patterns: IgnorePattern[], parent?: boolean[]): ContextEntry[] {
    const names = fs.readdirSync(path.join(context, directory), { withFileTypes: true });
    return names.flatMap((name) => {
        const relative = directory === "" ? name.name : `${directory}/${name.name}`;
        const location = path.join(context, relative);
        const { isIgnored, matches } = ignoreVerdict(patterns, relative, parent);
        if (name.isDirectory()) {
            // Only an exception can bring back something from below an excluded directory.
            const isWalked = !isIgnored || patterns.some((pattern) => pattern.isException);
            const children = isWalked ? walk(context, relative, patterns, matches) : [];
            // BuildKit also sends the directories above whatever is brought back.
            const isSent = !isIgnored || children.length > 0;
            return isSent ? [{ path: relative, kind: "directory" as const, location }, ...children] : [];
        }
        if (isIgnored) return [];
        if (name.isSymbolicLink()) {
            return [{ path: relative, kind: "link" as const, location, target: fs.readlinkSync(location) }];
        }
        // Sockets, pipes and devices are not part of what a build can copy.
        if (!name.isFile()) return [];
        const executable = (fs.statSync(location).mode & 0o100) !== 0;
        return [{ path: relative, kind: executable ? ("executable" as const) : ("file" as const), location }];
    });
}
