/** A platform that AWS's container services run, and the word for it in tags. */
const architectures = {
    "linux/amd64": "amd64",
    "linux/arm64": "arm64",
} as const;

/** A platform of an image, in Docker's notation. */
export type Platform = keyof typeof architectures;

/** All platforms an image can be built for. */
export const platforms = Object.keys(architectures) as [Platform, ...Platform[]];

/** The architecture of a platform, as it stands in tags and resource names. */
export function architecture(platform: Platform): string {
    return architectures[platform];
}

/** The tag of one platform of an image: several platforms have one each, and an index joins them under the tag itself. */
export function platformTag(tag: string, all: Platform[], platform: Platform): string {
    return all.length > 1 ? `${tag}-${architecture(platform)}` : tag;
}

/** The platform of this machine, in Docker's notation. */
export function hostPlatform(): string {
    return `linux/${{ x64: "amd64" }[process.arch as string] ?? process.arch}`;
}
