import * as path from "node:path";

/** One line of an ignore file. */
export interface IgnorePattern {
    /** A line that begins with `!`: what it matches is sent again. */
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
 * @throws Error for a pattern that Docker refuses too
 * @see https://github.com/moby/patternmatcher/blob/v0.6.1/ignorefile/ignorefile.go
 */
export function parseIgnoreFile(text: string): IgnorePattern[] {
    return (
        text
            .replace(/^\uFEFF/, "")
            .split(/\r?\n/)
            // Only a `#` in the first column starts a comment.
            .filter((line) => !line.startsWith("#"))
            .map((line) => line.trim())
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

function parsePattern(line: string): IgnorePattern {
    const isException = line.startsWith("!");
    const pattern = cleanPath(isException ? line.slice(1).trim() : line);
    if (isException && pattern === "") throw new Error(`The ignore pattern ${JSON.stringify(line)} names no path.`);
    return { isException, matches: matcher(pattern) };
}

/** Without `.`, `..`, doubled or trailing slashes; a leading slash means the context. */
function cleanPath(pattern: string): string {
    return pattern === ""
        ? ""
        : path.posix
              .normalize(pattern)
              .replace(/(?<=.)\/$/, "")
              .replace(/^\//, "");
}

/** Characters with a meaning in patterns; everything else stands for itself, in upper or lower case as it is written. */
const wildcard = /[*?[\]\\]/;

/**
 * The test that a pattern stands for. The three simple forms come first, as in BuildKit: `**.log` is the end of any path,
 * which the general translation would read differently.
 */
function matcher(pattern: string): (path: string) => boolean {
    if (!wildcard.test(pattern)) return (name) => name === pattern;
    const inner = pattern.replace(/^\*\*|\*\*$/, "");
    if (!wildcard.test(inner) && pattern.endsWith("**")) return (name) => name.startsWith(inner);
    if (!wildcard.test(inner) && pattern.startsWith("**"))
        return (name) => `/${name}`.endsWith(inner) || name.endsWith(inner);
    const expression = regularExpression(pattern);
    return (name) => expression.test(name);
}

/**
 * The general translation, with BuildKit's gaps: `{`, `|` and `}` are left as they are, so `a|b*` matches whatever begins with
 * `a`. What Docker leaves out of a context must be left out here, and nothing else.
 */
function regularExpression(pattern: string): RegExp {
    const source = pattern.replace(/\*\*$|\*\*\/?|\*|\?|\\.|[.+()$]/gs, (token, offset: number) => {
        if (token.startsWith("**")) return offset + token.length === pattern.length ? ".*" : "(.*/)?";
        return { "*": "[^/]*", "?": "[^/]" }[token] ?? (token.startsWith("\\") ? token : `\\${token}`);
    });
    try {
        return new RegExp(`^${source}$`);
    } catch (error) {
        throw new Error(`The ignore pattern ${JSON.stringify(pattern)} is not valid.`, { cause: error });
    }
}
