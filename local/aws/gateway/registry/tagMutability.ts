/** Values of ECR's imageTagMutability. */
export type ImageTagMutability = "MUTABLE" | "IMMUTABLE" | "IMMUTABLE_WITH_EXCLUSION" | "MUTABLE_WITH_EXCLUSION";

/** Exclusion filter in the shape of ECR's API. */
export interface ImageTagMutabilityExclusionFilter {
    /** Kind of filter; ECR knows only WILDCARD. */
    filterType: "WILDCARD";
    /** Pattern of tags, with `*` for any number of characters. */
    filter: string;
}

/** Tag mutability settings of a repository, with the names of ECR's API. */
export interface TagMutability {
    /** Setting for all tags that no filter matches. */
    imageTagMutability: ImageTagMutability;
    /** Filters of the tags with the opposite setting. @default none */
    imageTagMutabilityExclusionFilters?: ImageTagMutabilityExclusionFilter[];
}

/** Tells whether a tag matches an exclusion filter as a whole; `*` is the only wildcard (ECR: image tag mutability). */
export function matchesFilter(filter: string, tag: string): boolean {
    const literals = filter.split("*").map((literal) => literal.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    return new RegExp(`^${literals.join(".*")}$`, "s").test(tag);
}

/** Tells whether an existing tag may not be given to another image. */
export function isImmutable(settings: TagMutability, tag: string): boolean {
    const excluded = (settings.imageTagMutabilityExclusionFilters ?? []).some(({ filter }) =>
        matchesFilter(filter, tag),
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
