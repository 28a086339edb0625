/** Severities that a threshold may name, the lowest first. */
export const Severity = {
    Informational: "INFORMATIONAL",
    Low: "LOW",
    Medium: "MEDIUM",
    High: "HIGH",
    Critical: "CRITICAL",
} as const;

/** One of {@link Severity}. */
export type Severity = (typeof Severity)[keyof typeof Severity];

/** All of {@link Severity}, the lowest first. */
export const severities = Object.values(Severity);

/** Severities of findings that nobody has rated: of basic scans, and of enhanced ones. */
const unrated = ["UNDEFINED", "UNTRIAGED"];

/**
 * Decides whether a finding reaches a threshold. HIGH is reached by HIGH and CRITICAL.
 *
 * UNDEFINED (ECR: the source of the CVE gave no priority, or one that ECR does not know) and UNTRIAGED (Inspector: the vendor has set no
 * score yet) stand beside MEDIUM, the middle of the order. AWS asks people to look such a finding up at its source, so INFORMATIONAL, LOW
 * and MEDIUM stop it for that. HIGH and CRITICAL stop what is known to be severe: vendors rate vulnerabilities days after they become
 * public, and releases would fail at random until then. A word that AWS documents nowhere, or a missing one, reaches every threshold.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-troubleshooting.html
 * @see https://docs.aws.amazon.com/inspector/latest/user/findings-understanding-severity.html
 */
export function reaches(severity: string, threshold: Severity): boolean {
    return rankOf(severity) >= rankOf(threshold);
}

/** Ranks a severity; a higher number is more severe. */
export function rankOf(severity: string): number {
    const known: readonly string[] = severities;
    const rank = known.indexOf(unrated.includes(severity) ? "MEDIUM" : severity);
    return rank === -1 ? severities.length : rank;
}
