import type { ImageTagMutability, Repository } from "@aws-sdk/client-ecr";

/** Tag mutability of a repository: the setting of all tags that no filter matches, and the filters of the tags with the opposite setting. */
export type TagMutability = Required<Pick<Repository, "imageTagMutability">> &
    Pick<Repository, "imageTagMutabilityExclusionFilters">;

/** Tells whether a tag matches an exclusion filter as a whole; `*` is the only wildcard (ECR: image tag mutability). */
export function matchesFilter(filter: string, tag: string): boolean {
    const literals = filter.split("*").map((literal) => literal.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    return new RegExp(`^${literals.join(".*")}$`, "s").test(tag);
}

/** Tells whether an existing tag may not be given to another image. */
export function isImmutable(settings: TagMutability, tag: string): boolean {
    const excluded = (settings.imageTagMutabilityExclusionFilters ?? []).some(({ filter }) =>
        matchesFilter(filter ?? "", tag),
    );
    const immutable: Record<ImageTagMutability, boolean> = {
        MUTABLE: false,
        IMMUTABLE: true,
        IMMUTABLE_WITH_EXCLUSION: !excluded,
        MUTABLE_WITH_EXCLUSION: excluded,
    };
    return immutable[settings.imageTagMutability];
}

/** Makes ECR's message for a push that would move an immutable tag. */
export function immutableTagMessage(tag: string, repository: string): string {
    return `The image tag '${tag}' already exists in the '${repository}' repository and cannot be overwritten because the tag is immutable.`;
}
