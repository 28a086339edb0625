import * as path from "node:path";
import { patternMatcher } from "./patternMatcher";

/** One line of an ignore file. */
export interface IgnorePattern {
    /** The cleaned pattern, without the `!` of an exception. */
    text: string;
    /** An exception, written with `!`: what it matches is sent again. */
    isException: boolean;
    /** Whether the pattern itself matches a path below the context; the directories above are not looked at. */
    matches: (path: string) => boolean;
}

/** The verdict of all patterns on one path. */
export interface IgnoreVerdict {
    /** The path is not sent. */
    isIgnored: boolean;
    /** The answer of each pattern, needed for the verdicts on what lies below. */
    matches: boolean[];
}

/**
 * Reads the text of an ignore file.
 *
 * Two steps of BuildKit clean each line: the Dockerfile frontend reads the file, and the client that sends the context takes the
 * patterns. The second one decides what an exception is, so `/!src` is one.
 *
 * @throws Error for a pattern that Docker refuses too, and for one that says something else to Docker than it seems to say
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
 * Decides on a path as BuildKit does while it walks the context: patterns apply in their order, the last match wins, and what
 * a directory matched also counts for everything below it. This is why the names of a directory must be asked before its content.
 *
 * @param parent the answers for the directory that holds the path. Absent at the top of the context
 * @see https://github.com/moby/patternmatcher/blob/v0.6.1/patternmatcher.go (MatchesUsingParentResults)
 */
export function ignoreVerdict(patterns: IgnorePattern[], relative: string, parent?: boolean[]): IgnoreVerdict {
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
 * Whether BuildKit looks for exceptions below an excluded directory: not where all exceptions are plain paths that lead elsewhere.
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

/** Removes what Go calls white space at both ends. JavaScript's own `trim` also removes U+FEFF, and leaves U+0085. */
export function trimSpace(text: string): string {
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

/** The shortest form of a path, without `.`, `..`, doubled or trailing slashes, as Go's filepath.Clean makes it; `""` stays. */
function cleanPath(pattern: string): string {
    return pattern === "" ? "" : path.posix.normalize(pattern).replace(/(?<=.)\/$/s, "");
}
