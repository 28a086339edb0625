/** Pattern of an AWS API model as a JavaScript expression, or the reason why it has no translation. */
export type TranslatedPattern = { expression: RegExp } | { reason: string };

/** Constructs of Java's expressions that JavaScript refuses or, worse, reads differently. */
const javaOnly: readonly { construct: RegExp; name: string }[] = [
    { construct: /(?<!\\)(?:\\\\)*\\[AZzGQEhHRX]/, name: "an anchor, quotation or class escape that only Java has" },
    { construct: /[*+?}]\+/, name: "a possessive quantifier" },
    { construct: /&&/, name: "an intersection of character classes" },
    { construct: /\(\?>/, name: "an atomic group" },
];

/**
 * Translates a pattern of an AWS API model.
 *
 * AWS matches the whole value, even if the pattern has no `^` and `$` (Coral models; ECR's RepositoryName is one of many). So the returned
 * expression is anchored at both ends.
 */
export function translatePattern(pattern: string): TranslatedPattern {
    // A class may hold any character as itself, so one letter stands for it.
    const outsideClasses = pattern.replace(/\\.|\[(?:\\.|[^\]\\])*\]/gs, (part) => (part.startsWith("[") ? "c" : part));
    for (const { construct, name } of javaOnly) {
        const text = construct.source === "&&" ? pattern : outsideClasses;
        if (construct.test(text)) return { reason: `it uses ${name}` };
    }
    const ignoreCase = pattern.startsWith("(?i)");
    const body = `^(?:${ignoreCase ? pattern.slice("(?i)".length) : pattern})$`;
    // The u flag is what gives \p{L} its meaning, but it also refuses needless escapes such as \- outside a class.
    const flagSets = /\\p\{/i.test(pattern) ? ["u"] : ["u", ""];
    let reason = "";
    for (const flags of flagSets) {
        try {
            return { expression: new RegExp(body, ignoreCase ? `${flags}i` : flags) };
        } catch (error) {
            reason = error instanceof Error ? error.message : String(error);
        }
    }
    return { reason };
}
