import { cacheArguments } from "./buildArguments";
import type { NewTag } from "./awsCalls";
import { type ImageState, stageKey } from "./buildState";
import { type FoundImage, foundImage, isThere } from "./foundImage";
import { newTag, tagOf } from "./lookup";
import type { PlatformBuild } from "./plan";
import type { PinnedBuild } from "./planPinnedStages";

/** Build of one platform of an image. */
export interface MissingBuild {
    image: ImageState;
    build: PlatformBuild;
}

/** Build of a pinned stage of one platform of an image. */
export interface MissingStage extends MissingBuild {
    stage: PinnedBuild;
}

/**
 * Finds an image to adopt instead of building: an image, one platform of it, or a pinned stage. Its proof shows that this project built it,
 * whatever image has the tag.
 *
 * @param tag content tag of the image
 * @returns undefined where the image has to be built
 */
export function adopted({ plan, answer, digests }: ImageState, tag: string): FoundImage | undefined {
    const digest = digests[tag];
    return digest === undefined ? undefined : foundImage(answer, digest, plan.commitTag);
}

/** Lists the platforms that have to be built. A platform that another build pushed already is only joined with the others. */
export function missingBuilds(images: ImageState[]): MissingBuild[] {
    return missingImages(images).flatMap((image) =>
        image.plan.builds.filter(({ tag }) => adopted(image, tag) === undefined).map((build) => ({ image, build })),
    );
}

/** Lists the pinned stages that have to be built before the images. */
export function missingStages(images: ImageState[]): MissingStage[] {
    return missingBuilds(images).flatMap(({ image, build }) =>
        build.pinned
            .filter((stage) => stage.pushed !== undefined && !isStageThere(image, stage))
            .map((stage) => ({ image, build, stage })),
    );
}

/** Lists the images whose platforms this build joins; each platform was pushed by this build or an earlier one. */
export function missingIndexes(images: ImageState[]): ImageState[] {
    return missingImages(images).filter(
        ({ plan: { builds, isJoinedElsewhere } }) =>
            !isJoinedElsewhere && builds.length > 1 && builds.every(({ pushed }) => pushed !== undefined),
    );
}

/** Lists the images whose tests run in this build; an existing image is not tested again. */
export function imagesToTest(images: ImageState[]): ImageState[] {
    return missingImages(images).filter(
        (image) => image.plan.tests?.isElsewhere === false && missingBuilds([image]).length > 0,
    );
}

/** Lists the images that the repository lacks. */
export function missingImages(images: ImageState[]): ImageState[] {
    return images.filter((image) => adopted(image, image.plan.tag) === undefined);
}

/** Lists the caches that the builds read, each with its presence in the repository. */
export function cachesRead(images: ImageState[]): { reference: string; isThere: boolean }[] {
    const caches = missingImages(images).flatMap((image) => {
        const references = image.plan.builds.flatMap((build) => [
            ...build.caches,
            ...build.pinned.filter((stage) => !isStageThere(image, stage)).flatMap((stage) => stage.caches),
        ]);
        return references.map((reference) => ({ reference, isThere: isThere(image.answer, tagOf(reference)) }));
    });
    return [...new Map(caches.map((cache) => [cache.reference, cache])).values()];
}

/** Finds the image that seeds the cache mounts of a stage. @returns undefined where this project built none */
export function fillingReference({ image, stage }: MissingStage): string | undefined {
    const last = stage.filling?.from.map((reference) => adopted(image, tagOf(reference))).find(Boolean);
    return last && `${image.plan.repositoryUrl}@${last.digest}`;
}

/**
 * Makes the arguments that put images in the place of a platform's pinned stages, found or built. A stage without an image, as in a pull
 * request, is built within the image from the stage's caches.
 */
export function stageArguments({ image, build }: MissingBuild): string[] {
    return build.pinned.flatMap((stage) => {
        const digest = image.built[stageKey(build, stage)]?.digest ?? adopted(image, stage.stage.tag)?.digest;
        if (digest === undefined) return cacheArguments(stage.caches);
        return [`--build-context=${stage.stage.name}=docker-image://${image.plan.repositoryUrl}@${digest}`];
    });
}

/** Names a platform's image by its digest, from this build or an earlier one. */
export function platformImage({ image, build }: MissingBuild): string {
    const digest = image.built[build.architecture]?.digest ?? adopted(image, build.tag)?.digest;
    if (digest !== undefined) return `${image.plan.repositoryUrl}@${digest}`;
    throw new Error(`BuildKit told no digest of ${image.plan.name} for ${build.architecture}.`);
}

/** Lists the tags that mark adopted stages as their recipe's latest, for a stage that `pulumi up` built or an older one that returned. */
export function lastStageTags(images: ImageState[]): NewTag[] {
    return images.flatMap((image) => {
        const { plan, answer } = image;
        return plan.builds.flatMap(({ pinned }) =>
            pinned.flatMap(({ stage, filling }) => {
                const found = adopted(image, stage.tag);
                if (found === undefined || filling?.to === undefined) return [];
                const tag = tagOf(filling.to);
                const last = answer.images?.find(({ imageId }) => imageId?.imageTag === tag)?.imageId?.imageDigest;
                // An image that was asked for by two tags may have come with the other one.
                if (isThere(answer, tag) && (last ?? found.digest) === found.digest) return [];
                return [newTag(plan.repositoryUrl, tag, found)];
            }),
        );
    });
}

function isStageThere(image: ImageState, { stage }: PinnedBuild): boolean {
    return adopted(image, stage.tag) !== undefined;
}
