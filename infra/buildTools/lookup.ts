import type { NewTag } from "./awsCalls";
import type { FoundImage } from "./foundImage";
import type { ImagePlan } from "./plan";

/** What ECR is asked for. */
export interface Lookup {
    /** Name of the repository. */
    repositoryName: string;
    tags: string[];
}

/** What is looked up of an image: its own tags, those of its platforms and pinned stages, its caches, and what mounts are filled from. */
export function lookupOf({ repositoryUrl, tag, commitTag, builds }: ImagePlan): Lookup {
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

/** Name of a repository, from its address. */
export function repositoryNameOf(repositoryUrl: string): string {
    return repositoryUrl.slice(repositoryUrl.indexOf("/") + 1);
}

/** The tag of `repository:tag`; the repository's host may have a port. */
export function tagOf(reference: string): string {
    return reference.slice(reference.lastIndexOf(":") + 1);
}

/** A tag that an image which was found is to be given. */
export function newTag(repositoryUrl: string, tag: string, { digest, manifest, mediaType }: FoundImage): NewTag {
    return { repositoryName: repositoryNameOf(repositoryUrl), tag, digest, manifest, mediaType };
}
