import { StateFile } from "../../stateFile";

/** Values of ECR's imageTagMutability. */
export type ImageTagMutability = "MUTABLE" | "IMMUTABLE" | "IMMUTABLE_WITH_EXCLUSION" | "MUTABLE_WITH_EXCLUSION";

/** An exclusion filter in the shape of ECR's API. */
export interface ImageTagMutabilityExclusionFilter {
    /** Kind of filter; ECR knows only WILDCARD. */
    filterType: "WILDCARD";
    /** Tag with `*` for any characters, also none. */
    filter: string;
}

/** The tag mutability settings of a repository, with the names of ECR's API. */
export interface TagMutability {
    /** Whether tags may move. */
    imageTagMutability: ImageTagMutability;
    /** Tags for which the opposite holds. @default none */
    imageTagMutabilityExclusionFilters?: ImageTagMutabilityExclusionFilter[];
}

/** Whether a tag matches an exclusion filter as a whole; `*` is the only wildcard (ECR: image tag mutability). */
export function matchesFilter(filter: string, tag: string): boolean {
    const literals = filter.split("*").map((literal) => literal.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    return new RegExp(`^${literals.join(".*")}$`, "s").test(tag);
}

/** Whether a tag that exists may not be given to another image. */
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

/** ECR's sentence for a push that would move an immutable tag. */
export function immutableTagMessage(tag: string, repository: string): string {
    return `The image tag '${tag}' already exists in the '${repository}' repository and cannot be overwritten because the tag is immutable.`;
}

/** The tag mutability of the repositories, kept because the emulator drops the exclusion filters. */
export class TagMutabilities {
    private readonly file: StateFile<Record<string, TagMutability>>;
    private readonly byArn: Map<string, TagMutability>;

    /** @param file where the settings survive a restart */
    constructor(file: string) {
        this.file = new StateFile(file);
        this.byArn = new Map(Object.entries(this.file.read({})));
    }

    /** The settings of a repository; undefined when it was not made through the gateway. */
    of(repositoryArn: string): TagMutability | undefined {
        return this.byArn.get(repositoryArn);
    }

    /** Remembers the settings of a repository. */
    set(repositoryArn: string, settings: TagMutability): void {
        this.byArn.set(repositoryArn, settings);
        this.save();
    }

    /** Forgets a repository that was deleted. */
    delete(repositoryArn: string): void {
        this.byArn.delete(repositoryArn);
        this.save();
    }

    private save(): void {
        this.file.write(Object.fromEntries(this.byArn));
    }
}
