import type { AwsCalls } from "./awsCalls";
import { type BatchGetImageAnswer, foundImage } from "./foundImage";
import { repositoryNameOf, tagOf } from "./lookup";
import type { ImagePlan } from "./plan";
import type { Digests } from "./proofs";
import type { WorkFolder } from "./workFolder";

/**
 * Looks up by digest what this build made of an image, since tags may have moved after they were pushed. Only the digest of an index is
 * not known yet: it is what the tag names, if that joins the platforms of this build.
 *
 * @returns the images that this build made, by content tag
 * @throws Error for an index that joins other images
 */
export async function lookUpBuilt(work: WorkFolder, calls: AwsCalls, image: ImagePlan): Promise<Digests> {
    const known = { ...work.found.digests(image), ...work.builtStages(image), ...work.builtPlatforms(image) };
    const platforms = work.joinedPlatforms(image)?.map((platform) => known[platform]!);
    const { repositoryUrl, tag, commitTag } = image;
    const next = image.builds.flatMap(({ pinned }) => pinned.map(({ filling }) => filling?.to && tagOf(filling.to)));
    const tags = [platforms && tag, commitTag, ...next].filter((one) => one !== undefined);
    const digests = Object.values(known);
    if (tags.length + digests.length === 0) return {};

    const answer = await calls.lookUp(repositoryNameOf(repositoryUrl), [...new Set(tags)], [...new Set(digests)]);
    const index = platforms && joinedDigest(answer, tag, platforms);
    const joined = index === undefined ? {} : { [tag]: index };
    work.found.write(image, answer, { ...known, ...joined });
    return { ...work.builtPlatforms(image), ...joined };
}

/**
 * Finds the digest of the index that a tag names.
 *
 * @param platforms digests of the images that it has to join
 * @returns undefined where there is none
 * @throws Error for one that joins others
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
