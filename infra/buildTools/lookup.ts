import type { NewTag } from "./awsCalls";
import type { FoundImage } from "./foundImage";
import type { ImagePlan } from "./plan";

/**
 * Lists every tag to look up in an image's repository: its own, its platforms', its pinned stages', its caches, and the images that seed its
 * mounts.
 */
export function lookupOf({ repositoryUrl, tag, commitTag, builds }: ImagePlan) {
    const tags = builds.flatMap((build) => [
        build.tag,
        ...build.caches.map(tagOf),
        ...build.pinned.flatMap(({ stage, caches, filling }) => [
            stage.tag,
            ...[...caches, ...(filling?.from ?? [])].map(tagOf),
        ]),
    ]);
    const all = new Set([tag, ...tags, ...(commitTag === undefined ? [] : [commitTag])]);
    return { repositoryName: repositoryNameOf(repositoryUrl), tags: [...all] };
}

/** Cuts the name of a repository out of its address. */
export function repositoryNameOf(repositoryUrl: string): string {
    return repositoryUrl.slice(repositoryUrl.indexOf("/") + 1);
}

/** Cuts the tag out of `repository:tag`; the repository's host may have a port. */
export function tagOf(reference: string): string {
    return reference.slice(reference.lastIndexOf(":") + 1);
}

/** Describes a tag to give to an image that a lookup found. */
export function newTag(repositoryUrl: string, tag: string, { digest, manifest, mediaType }: FoundImage): NewTag {
    return { repositoryName: repositoryNameOf(repositoryUrl), tag, digest, manifest, mediaType };
}
