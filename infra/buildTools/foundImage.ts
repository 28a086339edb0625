/** The part of ECR's answer to BatchGetImage that a lookup needs. */
export interface BatchGetImageAnswer {
    images?: {
        imageId?: { imageDigest?: string; imageTag?: string };
        imageManifest?: string;
        imageManifestMediaType?: string;
    }[];
    failures?: { imageId?: { imageTag?: string }; failureCode?: string; failureReason?: string }[];
}

/** An image that the repository holds. */
export interface FoundImage {
    /** `sha256:…`. */
    digest: string;
    /** The manifest's own bytes; anything added would change the digest. */
    manifest: string;
    mediaType: string;
    /** Whether the commit's tag is given already, to this image or to another one. */
    isCommitTagged: boolean;
}

/**
 * The image that a lookup by tag or digest found.
 *
 * @param asked the tag or digest that was asked for first
 * @param commitTag the tag that was asked for besides. @default - none
 * @returns undefined when there is no such image
 * @throws Error when ECR could not say
 */
export function foundImage(answer: BatchGetImageAnswer, asked: string, commitTag?: string): FoundImage | undefined {
    refuseFailures(answer);
    if (!isThere(answer, asked)) return undefined;
    // Each image comes with the tag it was asked by; one that was asked for twice may come with the other.
    const { images = [] } = answer;
    const named = (name: string) => images.find(({ imageId }) => Object.values(imageId ?? {}).includes(name));
    const image = named(asked) ?? (commitTag === undefined ? undefined : named(commitTag));
    const { imageId, imageManifest, imageManifestMediaType } = image ?? {};
    if (imageId?.imageDigest === undefined || imageManifest === undefined || imageManifestMediaType === undefined) {
        throw new Error(`ECR's answer to the lookup of ${asked} has no digest or no manifest.`);
    }
    return {
        digest: imageId.imageDigest,
        manifest: imageManifest,
        mediaType: imageManifestMediaType,
        isCommitTagged: commitTag !== undefined && isThere(answer, commitTag),
    };
}

/** @throws Error when ECR could not say of an image whether it has it */
export function refuseFailures({ failures = [] }: BatchGetImageAnswer): void {
    const failed = failures.find(({ failureCode }) => failureCode !== "ImageNotFound");
    if (failed === undefined) return;
    const { imageId, failureCode, failureReason } = failed;
    throw new Error(
        `ECR could not look up ${Object.values(imageId ?? {}).join("@")}: ${failureCode}, ${failureReason}.`,
    );
}

/** Whether a lookup that asked for a tag or digest found it; an image with several tags may have come under another of them. */
export function isThere({ images = [], failures = [] }: BatchGetImageAnswer, asked: string): boolean {
    return images.length > 0 && !failures.some(({ imageId }) => Object.values(imageId ?? {}).includes(asked));
}
