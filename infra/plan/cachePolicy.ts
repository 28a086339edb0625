import { createHash } from "node:crypto";
import { architecture, type Platform } from "./platform";

/** Stages that the cache keeps: all stages, only those of the result, or none. */
export const CacheMode = { Max: "max", Min: "min", Off: "off" } as const;

/** One of {@link CacheMode}. */
export type CacheMode = (typeof CacheMode)[keyof typeof CacheMode];

/** Origin of a build: a branch, a tag, or a proposed change. */
export type GitReference = { kind: "branch"; name: string } | { kind: "tag" } | { kind: "pullRequest" };

/** Tags of the cache manifests that a build reads and writes, in the repository of its image. */
export interface CacheTags {
    /** Tags to read, the best match first. */
    from: string[];
    /** Tag to write. @default - none: the build must not change the caches of others */
    to?: string;
}

/** Caches of one build. */
export interface StageCaches {
    /** Tags to read, the best match first. */
    from: string[];
    /** Tags to write. */
    to: string[];
    /** Stages that the written caches keep. */
    mode: CacheMode;
}

/** Caches of an image, and those of its pinned stages. */
export interface ImageCacheTags extends CacheTags {
    /** Caches by the names of stages. @default - the image has no pinned stages */
    stages?: Record<string, CacheTags>;
}

/**
 * Decides which caches a build may read and write.
 *
 * | built from      | reads               | writes |
 * | --------------- | ------------------- | ------ |
 * | default branch  | its own             | its own |
 * | another branch  | its own, then the default branch's | its own |
 * | tag             | the default branch's | none |
 * | pull request    | the default branch's | none |
 *
 * A tag is built once, so a cache of its own would never be read. A pull request is code that nobody has approved yet: a cache that it
 * could write would reach every later build.
 */
export function cacheTags(
    reference: GitReference,
    defaultBranch: string,
    platform: Platform,
    mode: CacheMode,
): CacheTags {
    return tagsOfBranches(reference, defaultBranch, mode, (branch) => branchCacheTag(branch, platform));
}

/**
 * Makes the tags of a pinned stage's latest image, by the rules of {@link cacheTags}. An image of the same recipe holds packages that a
 * changed stage can reuse, at the same paths.
 *
 * @param recipe recipe of the stage
 */
export function lastStageTags(
    recipe: string,
    reference: GitReference,
    defaultBranch: string,
    mode: CacheMode,
): CacheTags {
    return tagsOfBranches(reference, defaultBranch, mode, (branch) => `deps-last-${branchSlug(branch)}-${recipe}`);
}

function tagsOfBranches(
    reference: GitReference,
    defaultBranch: string,
    mode: CacheMode,
    tagOf: (branch: string) => string,
): CacheTags {
    if (mode === "off") return { from: [] };
    const shared = tagOf(defaultBranch);
    if (reference.kind !== "branch") return { from: [shared] };
    const own = tagOf(reference.name);
    return { from: own === shared ? [own] : [own, shared], to: own };
}

/** Makes the caches of an image with pinned stages: each stage has its own, by the same rules. */
export function imageCacheTags(
    reference: GitReference,
    defaultBranch: string,
    platform: Platform,
    mode: CacheMode,
    pinnedStages: { name: string }[] = [],
): ImageCacheTags {
    const own = cacheTags(reference, defaultBranch, platform, mode);
    if (pinnedStages.length === 0) return own;
    const stages = pinnedStages.map(({ name: stage }) => {
        // No branch has a colon in its name.
        const ofStage = (branch: string) => `${branch}:${stage}`;
        const named = reference.kind === "branch" ? { ...reference, name: ofStage(reference.name) } : reference;
        return [stage, cacheTags(named, ofStage(defaultBranch), platform, mode)] as const;
    });
    return { ...own, stages: Object.fromEntries(stages) };
}

/**
 * Makes the caches of a pinned stage. An image's own cache holds nothing of its pinned stages, so each stage has one for each branch and
 * one for its exact content. A change of the dependencies starts from the branch's cache. With the other cache `pulumi up` makes the same
 * image again, whatever the branch's cache holds by then.
 *
 * A stage that is split into layers has the cache of its content only, which keeps the result: the installing step has all packages in one
 * more layer, which would be written again with each of them.
 *
 * @param stage name, tag and target of the stage
 * @param caches caches of the image
 */
export function pinnedStageCaches(
    { name, tag, target }: { name: string; tag: string; target: string },
    caches: ImageCacheTags,
    mode: CacheMode,
): StageCaches {
    if (mode === "off") return { from: [], to: [], mode };
    const { from = [], to } = caches.stages?.[name] ?? {};
    const exact = `cache-${tag}`;
    if (target !== name) return { from: [exact], to: [exact], mode: "min" };
    return { from: [exact, ...from, ...caches.from], to: to === undefined ? [exact] : [exact, to], mode };
}

/** Makes the tag `cache-<branch>-<architecture>`: each platform has its own, since a cache manifest is replaced as a whole. */
export function branchCacheTag(branch: string, platform: Platform): string {
    return `cache-${branchSlug(branch)}-${architecture(platform)}`;
}

/** Length limit of a slug's readable part; with prefix, hash and architecture a tag stays far below the 128 characters allowed. */
const maximumSlugLength = 40;

/** Pattern of a name that is a slug already, and does not look like one with a hash. */
const plainSlug = /^(?!.*-[0-9a-f]{12}$)[a-z0-9][a-z0-9._-]{0,39}$/;

/**
 * Makes a branch name part of a tag: bounded, and different for different branches. A changed name gets twelve digits of its hash, since
 * `feature/a`, `feature-a` and `Feature-A` would otherwise share one cache.
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
