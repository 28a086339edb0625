import * as fs from "node:fs";
import * as path from "node:path";
import dockerignore from "@balena/dockerignore";

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
 * @see https://docs.docker.com/build/concepts/context/#dockerignore-files
 */
export function contextEntries(context: string, dockerfile: string): ContextEntry[] {
    const patterns = ignorePatterns(context, dockerfile);
    const filter = dockerignore().add(patterns);
    // Only a later `!pattern` can bring back something from below an excluded directory.
    const mayReinclude = patterns.some((pattern) => pattern.startsWith("!"));
    const entries = walk(context, "", (relative) => !filter.ignores(relative), mayReinclude);
    return entries.sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
}

function ignorePatterns(context: string, dockerfile: string): string[] {
    const file = [`${dockerfile}.dockerignore`, path.join(context, ".dockerignore")].find((name) =>
        fs.existsSync(name),
    );
    if (file === undefined) return [];
    const text = fs.readFileSync(file, "utf8").replace(/^\uFEFF/, "");
    return (
        text
            .split(/\r?\n/)
            // As in Docker's own reader, only a `#` in the first column starts a comment.
            .filter((line) => !line.startsWith("#"))
            .map((line) => line.trim())
            .filter((line) => line !== "")
    );
}

function walk(
    context: string,
    directory: string,
    isIncluded: (relative: string) => boolean,
    mayReinclude: boolean,
): ContextEntry[] {
    const names = fs.readdirSync(path.join(context, directory), { withFileTypes: true });
    return names.flatMap((name) => {
        const relative = directory === "" ? name.name : `${directory}/${name.name}`;
        const location = path.join(context, relative);
        const included = isIncluded(relative);
        if (name.isDirectory()) {
            const children = included || mayReinclude ? walk(context, relative, isIncluded, mayReinclude) : [];
            // BuildKit also sends the directories above whatever is brought back.
            const isSent = included || children.length > 0;
            return isSent ? [{ path: relative, kind: "directory" as const, location }, ...children] : [];
        }
        if (!included) return [];
        if (name.isSymbolicLink()) {
            return [{ path: relative, kind: "link" as const, location, target: fs.readlinkSync(location) }];
        }
        // Sockets, pipes and devices are not part of what a build can copy.
        if (!name.isFile()) return [];
        const executable = (fs.statSync(location).mode & 0o100) !== 0;
        return [{ path: relative, kind: executable ? ("executable" as const) : ("file" as const), location }];
    });
}
