/** Part of ECR's answer to BatchGetImage that a lookup needs. */
export interface BatchGetImageAnswer {
    images?: {
        imageId?: { imageDigest?: string; imageTag?: string };
        imageManifest?: string;
        imageManifestMediaType?: string;
    }[];
    failures?: { imageId?: { imageTag?: string }; failureCode?: string; failureReason?: string }[];
}

/** Image that the repository holds. */
export interface FoundImage {
    /** `sha256:…`. */
    digest: string;
    /** Bytes of the manifest, unchanged; any addition would change the digest. */
    manifest: string;
    mediaType: string;
    /** Whether some image, this one or another, has the commit's tag already. */
    isCommitTagged: boolean;
}

/**
 * Finds the image that a lookup by tag or digest asked for.
 *
 * @param asked the tag or digest that was asked for first
 * @param commitTag the tag that was asked for besides. @default - none
 * @returns undefined when there is no such image
 * @throws Error when ECR could not answer
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

/** Makes sure that ECR answered for every image. @throws Error when ECR could not say whether it holds an image */
export function refuseFailures({ failures = [] }: BatchGetImageAnswer): void {
    const failed = failures.find(({ failureCode }) => failureCode !== "ImageNotFound");
    if (failed === undefined) return;
    const { imageId, failureCode, failureReason } = failed;
    throw new Error(
        `ECR could not look up ${Object.values(imageId ?? {}).join("@")}: ${failureCode}, ${failureReason}.`,
    );
}

/** Tells whether a lookup found a tag or digest; ECR may report an image with several tags under another tag. */
export function isThere({ images = [], failures = [] }: BatchGetImageAnswer, asked: string): boolean {
    return images.length > 0 && !failures.some(({ imageId }) => Object.values(imageId ?? {}).includes(asked));
}
