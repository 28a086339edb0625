/** Characters with a meaning in patterns; everything else stands for itself, in upper or lower case as written. */
const wildcard = /[*?[\]\\]/;

/**
 * Makes the test of a cleaned pattern of an ignore file. The three simple forms come first, as in BuildKit: `**.log` is the end of any
 * path, but the general translation would read it differently.
 *
 * @throws Error for a pattern that is not valid, and for one that BuildKit hands to Go's regular expressions half translated
 * @see https://github.com/moby/patternmatcher/blob/v0.6.1/patternmatcher.go (Pattern.compile)
 */
export function patternMatcher(pattern: string): (path: string) => boolean {
    if (pattern.includes("\uFEFF")) throw refused(pattern, "has a byte order mark (U+FEFF) in it; remove it");
    if (!wildcard.test(pattern)) return (name) => name === pattern;
    const inner = pattern.replace(/^\*\*|\*\*$/, "");
    if (!wildcard.test(inner) && pattern.endsWith("**")) return (name) => name.startsWith(inner);
    if (!wildcard.test(inner) && pattern.startsWith("**"))
        return (name) => `/${name}`.endsWith(inner) || name.endsWith(inner);
    const expression = regularExpression(pattern);
    return (name) => expression.test(name);
}

/** Part of a pattern: a wildcard, an escaped character, a class of characters, or any other one character. */
const part = /\*\*\/?|\*|\?|\\.|\[\^?(?:\\.|[^\]\\])+\]|./gsu;

/**
 * Translates a pattern in general, with BuildKit's gaps: `^` and `|` keep their meaning in regular expressions, so `a|b*` matches every
 * path that begins with `a`. A path must be left out here exactly when Docker leaves it out of a context. So parts that Go's regular
 * expressions read differently from JavaScript's are refused.
 */
function regularExpression(pattern: string): RegExp {
    if (/\{\d+(,\d*)?\}/.test(pattern)) {
        throw refused(pattern, "has a number in braces, which Docker takes for a repetition; write ? in their place");
    }
    const source = pattern.replace(part, (text, offset: number) => {
        if (text.startsWith("**")) return offset + text.length === pattern.length ? "[^\\n]*" : "([^\\n]*/)?";
        if (text === "*") return "[^/]*";
        if (text === "?") return "[^/]";
        if (text === "^" || text === "|") return text;
        if (text.startsWith("[")) return characterClass(pattern, text);
        return literal(character(pattern, text));
    });
    return expressionOf(pattern, source);
}

function expressionOf(pattern: string, source: string): RegExp {
    try {
        return new RegExp(`^${source}$`, "u");
    } catch (error) {
        throw refused(pattern, "is not valid", error);
    }
}

/** Translates a class such as `[a-z]` or `[^a]`, whose wildcards BuildKit would translate too. */
function characterClass(pattern: string, text: string): string {
    const [, negation = "", members = ""] = /^\[(\^?)(.*)\]$/su.exec(text) ?? [];
    if (members === "") throw refused(pattern, "is not valid");
    const source = members.replace(/\\.|./gsu, (member) => {
        if (/[*?[]/.test(member) && member.length === 1) {
            throw refused(
                pattern,
                `has ${member} between brackets, which Docker reads as if it stood outside; write \\${member}`,
            );
        }
        return member === "-" ? "-" : literal(character(pattern, member)).replace(/^-$/, "\\-");
    });
    return `[${negation}${source}]`;
}

/** Translates a character that stands alone or behind a backslash. */
function character(pattern: string, text: string): string {
    if (text === "[" || text === "\\") throw refused(pattern, "is not valid");
    if (!text.startsWith("\\")) return text;
    const escaped = text.slice(1);
    if (!/[\x20-\x7e]/.test(escaped) || /[0-9A-Za-z]/.test(escaped)) {
        throw refused(
            pattern,
            `has a backslash before ${escaped}, which Docker takes for a regular expression; leave it out, or write / between names`,
        );
    }
    return escaped;
}

function literal(character: string): string {
    return character.replace(/[\\^$.*+?()[\]{}|/]/, "\\$&");
}

function refused(pattern: string, reason: string, cause?: unknown): Error {
    return new Error(`The ignore pattern ${JSON.stringify(pattern)} ${reason}.`, { cause });
}
