import * as fs from "node:fs/promises";
import * as path from "node:path";
import { minimatch } from "minimatch";

/**
 * Translates a pattern of artifacts, caches and reports. `*` and `?` stay within a folder, `**` does not, and `[abc]` is one of several
 * characters. Files whose names begin with a dot count like all others.
 */
export function globExpression(pattern: string): RegExp {
    const options = { dot: true, nobrace: true, noext: true, nocomment: true, nonegate: true };
    const expression = minimatch.makeRe(path.posix.normalize(pattern), options);
    if (expression === false) throw new Error(`"${pattern}" is no pattern of files.`);
    return expression;
}

/** Tells whether a text is a pattern rather than a plain path. */
export function isPattern(text: string): boolean {
    return /[*?[]/.test(text);
}

/** Choice of a folder's entries. */
export interface Matching {
    /** Patterns of entries that are left out. @default none */
    exclude?: string[];
    /** Whether links count themselves, instead of the files that they lead to. @default false */
    keepLinks?: boolean;
}

/**
 * Lists the files below a folder that match a pattern. Links to folders are not entered, so that a circle does no harm.
 *
 * @returns paths relative to the folder, sorted by their bytes
 */
export async function matchingFiles(directory: string, patterns: string[], matching: Matching = {}): Promise<string[]> {
    const wanted = patterns.map(globExpression);
    const unwanted = (matching.exclude ?? []).map(globExpression);
    const matches = (file: string) =>
        wanted.some((expression) => expression.test(file)) && !unwanted.some((expression) => expression.test(file));
    const entries = await fs.readdir(directory, { recursive: true, withFileTypes: true });
    const files: string[] = [];
    for (const entry of entries) {
        const location = path.join(entry.parentPath, entry.name);
        const file = path.relative(directory, location);
        if (!matches(file)) continue;
        const isLink = entry.isSymbolicLink();
        if (entry.isFile() || (isLink && (matching.keepLinks || (await leadsToFile(location))))) files.push(file);
    }
    return files.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

/** Lists the folders below a folder that a path or pattern names, as absolute paths. */
export async function matchingDirectories(directory: string, pattern: string): Promise<string[]> {
    const named = path.resolve(directory, pattern);
    if (!isPattern(pattern)) return (await isDirectory(named)) ? [named] : [];
    const wanted = globExpression(pattern);
    const entries = await fs.readdir(directory, { recursive: true, withFileTypes: true });
    return entries
        .filter((entry) => entry.isDirectory())
        .map((entry) => path.join(entry.parentPath, entry.name))
        .filter((location) => wanted.test(path.relative(directory, location)))
        .sort();
}

async function isDirectory(location: string): Promise<boolean> {
    return fs.stat(location).then(
        (status) => status.isDirectory(),
        () => false,
    );
}

async function leadsToFile(link: string): Promise<boolean> {
    return fs.stat(link).then(
        (target) => target.isFile(),
        () => false,
    );
}
