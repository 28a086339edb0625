import * as path from "node:path";
import { patternMatcher } from "./patternMatcher";

/** Line of an ignore file. */
export interface IgnorePattern {
    /** Cleaned pattern, without the `!` of an exception. */
    text: string;
    /** Whether the line is an exception, written with `!`: paths that match it are sent again. */
    isException: boolean;
    /** Tells whether the pattern itself matches a path below the context; the directories above do not count. */
    matches: (path: string) => boolean;
}

/**
 * Parses the text of an ignore file.
 *
 * Two steps of BuildKit clean each line: the Dockerfile frontend reads the file, and the client that sends the context takes the patterns.
 * The client decides what an exception is, so `/!src` is one.
 *
 * @throws Error for a pattern that Docker refuses too, and for one with another meaning in Docker than it seems to have
 * @see https://github.com/moby/patternmatcher/blob/v0.6.1/ignorefile/ignorefile.go
 */
export function parseIgnoreFile(text: string): IgnorePattern[] {
    return (
        text
            .replace(/^\uFEFF/, "")
            .split("\n")
            // Only a `#` in the first column starts a comment.
            .filter((line) => !line.startsWith("#"))
            .map(trimSpace)
            .filter((line) => line !== "")
            .map(readLine)
            .map(trimSpace)
            .filter((line) => line !== "")
            .map(parsePattern)
    );
}

/**
 * Decides on a path as BuildKit does while it walks the context: patterns apply in their order, and the last match wins. A match of a
 * directory also counts for everything below it, so a directory needs its verdict before its content.
 *
 * @param parent the answers for the directory that holds the path. Absent at the top of the context
 * @returns whether the path is left out, and the answer of each pattern, for the verdicts on everything below the path
 * @see https://github.com/moby/patternmatcher/blob/v0.6.1/patternmatcher.go (MatchesUsingParentResults)
 */
export function ignoreVerdict(patterns: IgnorePattern[], relative: string, parent?: boolean[]) {
    let isIgnored = false;
    const matches = patterns.map(({ isException, matches }, index) => {
        // A pattern that could not change the verdict is not asked, and so does not count below either.
        const isMatch = parent?.[index] === true || (isException === isIgnored && matches(relative));
        if (isMatch) isIgnored = !isException;
        return isMatch;
    });
    return { isIgnored, matches };
}

/**
 * Tells whether BuildKit looks for exceptions below an excluded directory: not where all exceptions are plain paths that lead elsewhere.
 *
 * @see https://github.com/tonistiigi/fsutil/blob/0257b3308df4/filter.go (Walk, patternWithoutTrailingGlob)
 */
export function isSearched(patterns: IgnorePattern[], directory: string): boolean {
    const exceptions = patterns
        .filter(({ isException }) => isException)
        .map(({ text }) => text.replace(/\/\*\*$/, "").replace(/\/\*$/, ""));
    return (
        exceptions.some((text) => /[*[\]?^\\]/.test(text)) ||
        exceptions.some((text) => `${text}/`.startsWith(`${directory}/`))
    );
}

/** Removes Go's white space at both ends. JavaScript's own `trim` also removes U+FEFF, and leaves U+0085. */
function trimSpace(text: string): string {
    return text.replace(/^\p{White_Space}+|\p{White_Space}+$/gu, "");
}

/** Cleans a line as the frontend does (ignorefile.ReadAll): a leading slash means the context. */
function readLine(line: string): string {
    const prefix = line.startsWith("!") ? "!" : "";
    const pattern = trimSpace(line.slice(prefix.length));
    return prefix + cleanPath(pattern).replace(/^\/(?=.)/s, "");
}

/** Reads a pattern as the client does (patternmatcher.New). */
function parsePattern(line: string): IgnorePattern {
    const cleaned = cleanPath(line);
    const isException = cleaned.startsWith("!");
    if (cleaned === "!") throw new Error(`The ignore pattern ${JSON.stringify(line)} names no path.`);
    const text = isException ? cleaned.slice(1) : cleaned;
    return { text, isException, matches: patternMatcher(text) };
}

/** Shortens a path as Go's filepath.Clean does, without `.`, `..`, doubled or trailing slashes; `""` stays. */
function cleanPath(pattern: string): string {
    return pattern === "" ? "" : path.posix.normalize(pattern).replace(/(?<=.)\/$/s, "");
}
