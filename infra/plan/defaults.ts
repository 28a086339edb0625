import type { BuildPolicy, ImageSpec } from "./imageSpec";
import { Platform } from "./platform";

/** Policy that images are built by unless a setting or an argument says otherwise. */
export const policyDefaults: Required<BuildPolicy> = {
    baseRegistry: "public.ecr.aws/docker/library",
    branch: "main",
    defaultBranch: "main",
    cacheMode: "max",
    rebuildKey: "",
    parallelBuilds: 4,
};

/** Settings of an image that do not follow from its name. */
export const imageDefaults: Pick<ImageSpec, "platforms" | "compression"> = {
    platforms: [Platform.Amd64],
    compression: "zstd",
};

/** Numbers of builds and days that repositories and buckets keep. */
export const retentionDefaults = {
    /** Builds in a repository. */
    maxBuildCount: 50,
    /** Days that a cache is kept after its last use. */
    cacheExpiryDays: 30,
    /** Days that a manifest without a tag is kept. */
    untaggedExpiryDays: 7,
    /** Days that logs are kept. */
    logRetentionDays: 30,
} as const;

/** Fills in defaults for values that are missing or undefined. */
export function withDefaults<T extends object, D extends object>(values: T, defaults: D): Omit<T, keyof D> & D {
    const given = values as Record<string, unknown>;
    const filled = Object.entries(defaults).map(([key, value]) => [key, given[key] ?? (value as unknown)]);
    return { ...values, ...(Object.fromEntries(filled) as D) };
}
