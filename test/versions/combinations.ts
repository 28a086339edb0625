/** npm packages whose versions the combinations vary. */
export const packages = ["@pulumi/pulumi", "@pulumi/aws"] as const;

type PackageName = (typeof packages)[number];

/** Versions of one combination, each exact. */
export interface Combination extends Record<PackageName, string> {
    node: string;
}

/**
 * Place of a version in what package.json allows: the lower end of the range, the version that this repository pins, or the newest release
 * in the range.
 */
type Level = "lowest" | "pinned" | "newest";

/** The parts of package.json that say which versions are supported. */
export interface Manifest {
    engines: { node: string };
    devDependencies: Record<string, string>;
    peerDependencies: Record<string, string>;
}

/** Combinations, by release lines of Node and places of versions: each value stands in one, and the extremes stand together. */
const chosen: { node: [line: number, level: "lowest" | "newest"]; levels: Record<PackageName, Level> }[] = [
    { node: [20, "lowest"], levels: { "@pulumi/pulumi": "lowest", "@pulumi/aws": "lowest" } },
    { node: [22, "lowest"], levels: { "@pulumi/pulumi": "pinned", "@pulumi/aws": "pinned" } },
    { node: [22, "newest"], levels: { "@pulumi/pulumi": "lowest", "@pulumi/aws": "newest" } },
    { node: [24, "newest"], levels: { "@pulumi/pulumi": "lowest", "@pulumi/aws": "lowest" } },
    { node: [24, "newest"], levels: { "@pulumi/pulumi": "newest", "@pulumi/aws": "newest" } },
];

/**
 * Lists the combinations that are tested.
 *
 * @param manifest package.json, which declares the supported versions
 * @param newest function that finds the newest release of an npm package in a range, or of `node` in a release line
 * @throws Error when package.json gives no lowest version
 */
export async function combinationsOf(
    manifest: Manifest,
    newest: (name: string, range: string) => Promise<string>,
): Promise<Combination[]> {
    const versionOf = async (name: PackageName, level: Level): Promise<string> => {
        const range = manifest.peerDependencies[name] ?? "";
        if (level === "lowest") return lowestIn(range, name);
        return level === "newest" ? newest(name, range) : (manifest.devDependencies[name] ?? "");
    };
    return Promise.all(
        chosen.map(async ({ node: [line, level], levels }) => ({
            node: await (level === "newest"
                ? newest("node", String(line))
                : lowestIn(manifest.engines.node, "node", line)),
            "@pulumi/pulumi": await versionOf("@pulumi/pulumi", levels["@pulumi/pulumi"]),
            "@pulumi/aws": await versionOf("@pulumi/aws", levels["@pulumi/aws"]),
        })),
    );
}

/** Finds the lower end of a range such as `^7.43.0 || >=8.1.0`, of the alternative with this major version where one is given. */
function lowestIn(range: string, name: string, major?: number): string {
    const ends = range.match(/\d+\.\d+\.\d+/g) ?? [];
    const found = ends.find((version) => major === undefined || version.startsWith(`${major}.`));
    if (found !== undefined) return found;
    const wanted = major === undefined ? "version" : `version ${major}`;
    throw new Error(
        `package.json allows "${range}" of ${name}, which has no lowest ${wanted}; name one, such as ^1.2.3.`,
    );
}

/** Finds the newest of released versions, without those before a release. @returns undefined where there is none */
export function newestOf(versions: string[]): string | undefined {
    const numbers = (version: string) => version.split(".").map(Number);
    const compare = (a: string, b: string) =>
        numbers(a).reduce((order, number, index) => order || number - (numbers(b)[index] ?? 0), 0);
    return versions
        .filter((version) => /^\d+\.\d+\.\d+$/.test(version))
        .sort(compare)
        .at(-1);
}

/** Names a combination in progress lines and by `--only`. */
export function titleOf(combination: Combination): string {
    return [`Node ${combination.node}`, ...packages.map((name) => `${name} ${combination[name]}`)].join(", ");
}
