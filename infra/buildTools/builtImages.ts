import type { AwsCalls } from "./awsCalls";
import { type ImageState, stageKey } from "./buildState";
import { type BatchGetImageAnswer, foundImage } from "./foundImage";
import { repositoryNameOf, tagOf } from "./lookup";
import { missingIndexes, type MissingStage } from "./missing";
import type { Digests } from "./proofs";

/**
 * Looks up the results of this build by digest, since tags may have moved after the push, and records the answer in the image. Only an
 * index has no known digest yet: the tag's index counts if it joins the platforms of this build.
 *
 * @returns the repository's name, and digests of the image and its platforms, where this build made them; stages were proven when they were pushed
 * @throws Error for an index that joins other images
 */
export async function lookUpBuilt(calls: AwsCalls, image: ImageState) {
    const { repositoryUrl, tag, commitTag, builds } = image.plan;
    const repositoryName = repositoryNameOf(repositoryUrl);
    const platforms = builtPlatforms(image);
    const known = { ...image.digests, ...builtStages(image), ...platforms };
    const joined = missingIndexes([image]).length > 0 ? builds.map((build) => known[build.tag]!) : undefined;
    const next = builds.flatMap(({ pinned }) => pinned.map(({ filling }) => filling?.to && tagOf(filling.to)));
    const tags = [joined && tag, commitTag, ...next].filter((one) => one !== undefined);
    const asked = { tags: [...new Set(tags)], digests: [...new Set(Object.values(known))] };
    if (asked.tags.length + asked.digests.length === 0) return { repositoryName, digests: {} as Digests };

    const { images = [], failures = [] } = await calls.lookUp(repositoryName, asked.tags, asked.digests);
    image.answer = { images, failures };
    const index = joined && joinedDigest(image.answer, tag, joined);
    const made = index === undefined ? platforms : { ...platforms, [tag]: index };
    image.digests = { ...known, ...made };
    return { repositoryName, digests: made };
}

/**
 * Finds the digest of the index that a tag names.
 *
 * @param platforms digests of the images that the index has to join
 * @returns undefined where there is no index
 * @throws Error for an index that joins other images
 */
export function joinedDigest(answer: BatchGetImageAnswer, tag: string, platforms: string[]): string | undefined {
    const index = foundImage(answer, tag);
    if (index === undefined) return undefined;
    const { manifests = [] } = JSON.parse(index.manifest) as { manifests?: { digest: string }[] };
    const joined = manifests.map(({ digest }) => digest);
    if (joined.sort().join() === [...platforms].sort().join()) return index.digest;
    throw new Error(
        `${tag} is ${index.digest} by now, which does not join the images of this build: another build of the same source ended ` +
            "at the same time, or somebody moved the tag; start the build again.",
    );
}

/** Names a pinned stage that this build pushed by both of its tags: its own, and the tag that seeds the next build's mounts. */
export function builtStage({ image, build, stage }: MissingStage): Digests {
    const built = image.built[stageKey(build, stage)];
    if (built === undefined) return {};
    const digest = toldDigest(built.digest, `stage ${stage.stage.name} of ${image.plan.name}`);
    const next = stage.filling?.to === undefined ? [] : [tagOf(stage.filling.to)];
    return Object.fromEntries([stage.stage.tag, ...next].map((tag) => [tag, digest]));
}

function builtStages(image: ImageState): Digests {
    const stages = image.plan.builds.flatMap((build) => build.pinned.map((stage) => ({ image, build, stage })));
    return Object.assign({}, ...stages.map(builtStage)) as Digests;
}

/** Names the platforms that this build pushed. */
function builtPlatforms({ plan, built }: ImageState): Digests {
    const pushed = plan.builds.flatMap(({ architecture, tag, pushed }) => {
        const one = pushed === undefined ? undefined : built[architecture];
        return one === undefined ? [] : [[tag, toldDigest(one.digest, `${plan.name} for ${architecture}`)] as const];
    });
    return Object.fromEntries(pushed);
}

function toldDigest(digest: string | undefined, what: string): string {
    if (digest === undefined) throw new Error(`BuildKit told no digest of ${what}.`);
    return digest;
}
