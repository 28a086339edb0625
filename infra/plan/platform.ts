/** Platforms that AWS's container services run and an image can be built for, in Docker's notation. */
export const Platform = { Amd64: "linux/amd64", Arm64: "linux/arm64" } as const;

/** One of {@link Platform}. */
export type Platform = (typeof Platform)[keyof typeof Platform];

/** Word for each platform in tags. */
const architectures: Record<Platform, string> = { "linux/amd64": "amd64", "linux/arm64": "arm64" };

/** Returns the architecture of a platform, as tags and resource names contain it. */
export function architecture(platform: Platform): string {
    return architectures[platform];
}

/** Makes the tag of one platform of an image: several platforms have one each, and an index joins them under the tag itself. */
export function platformTag(tag: string, all: Platform[], platform: Platform): string {
    return all.length > 1 ? `${tag}-${architecture(platform)}` : tag;
}

/** Finds the platform of this machine, in Docker's notation. */
export function hostPlatform(): string {
    return `linux/${{ x64: "amd64" }[process.arch as string] ?? process.arch}`;
}
