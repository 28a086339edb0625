import { createHash } from "node:crypto";
import { architecture, type Platform } from "./platform";

/** How much of a build the cache keeps: all stages, only those of the result, or nothing. */
export const cacheModes = ["max", "min", "off"] as const;

/** One of {@link cacheModes}. */
export type CacheMode = (typeof cacheModes)[number];

/** What a build is made from: a branch, a tag, or a proposed change. */
export type GitReference = { kind: "branch"; name: string } | { kind: "tag" } | { kind: "pullRequest" };

/** The tags of the cache manifests that a build reads and writes, in the repository of its image. */
export interface CacheTags {
    /** Read, the best match first. */
    from: string[];
    /** Written. @default - none: the build must not change what others read */
    to?: string;
}

/**
 * Which caches a build may read and write.
 *
 * | built from      | reads               | writes |
 * | --------------- | ------------------- | ------ |
 * | default branch  | its own             | its own |
 * | another branch  | its own, then the default branch's | its own |
 * | tag             | the default branch's | none |
 * | pull request    | the default branch's | none |
 *
 * A tag is built once, so a cache of its own would never be read; a pull request is code that nobody has approved yet, and
 * a cache that it could write would reach every later build.
 */
export function cacheTags(
    reference: GitReference,
    defaultBranch: string,
    platform: Platform,
    mode: CacheMode,
): CacheTags {
    if (mode === "off") return { from: [] };
    const shared = branchCacheTag(defaultBranch, platform);
    if (reference.kind !== "branch") return { from: [shared] };
    const own = branchCacheTag(reference.name, platform);
    return { from: own === shared ? [own] : [own, shared], to: own };
}

/** The tag `cache-<branch>-<architecture>`: each platform has its own, since a cache manifest is replaced as a whole. */
export function branchCacheTag(branch: string, platform: Platform): string {
    return `cache-${branchSlug(branch)}-${architecture(platform)}`;
}

/** Longest readable part of a slug; with prefix, hash and architecture a tag stays far below the 128 characters allowed. */
const maximumSlugLength = 40;

/** A name that is a slug already, and does not look like one to which a hash was added. */
const plainSlug = /^(?!.*-[0-9a-f]{12}$)[a-z0-9][a-z0-9._-]{0,39}$/;

/**
 * A branch name as part of a tag: bounded, and different for different branches. A name that had to be changed gets twelve
 * digits of its hash, since `feature/a`, `feature-a` and `Feature-A` would otherwise share one cache.
 */
export function branchSlug(branch: string): string {
    if (plainSlug.test(branch)) return branch;
    const readable = branch
        .toLowerCase()
        .replace(/[^a-z0-9._-]+/g, "-")
        .replace(/^[._-]+/, "")
        .slice(0, maximumSlugLength);
    const hash = createHash("sha256").update(branch).digest("hex").slice(0, 12);
    return `${readable || "branch"}-${hash}`;
}
