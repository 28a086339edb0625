/** Rule of the allowed versions of a tool: that one, or that one and later. Written as `major.minor.patch`. */
export type VersionRule = { exactly: string } | { atLeast: string };

/** Finds the first `major.minor.patch` in a tool's output, undefined when there is none. */
export function parseVersion(text: string): string | undefined {
    return /(?<![\d.])v?(\d+\.\d+\.\d+)/.exec(text)?.[1];
}

/** Compares two versions: negative when a is earlier than b, 0 when they are equal, positive when it is later. */
export function compareVersions(a: string, b: string): number {
    const [left, right] = [a, b].map((version) => version.split(".").map(Number));
    const differences = [0, 1, 2].map((index) => (left?.[index] ?? 0) - (right?.[index] ?? 0));
    return differences.find((difference) => difference !== 0) ?? 0;
}

/** Tells whether a rule allows a version. */
export function isAllowed(version: string, rule: VersionRule): boolean {
    if ("exactly" in rule) return version === rule.exactly;
    return compareVersions(version, rule.atLeast) >= 0;
}

/** Describes a rule for people, such as `3.2.0 or later`. */
export function describeRule(rule: VersionRule): string {
    return "exactly" in rule ? `exactly ${rule.exactly}` : `${rule.atLeast} or later`;
}
