import { proofKey } from "../plan/proofKey";
import type { AwsCalls, ReadProof } from "./awsCalls";
import { type BatchGetImageAnswer, isThere, refuseFailures } from "./foundImage";
import type { BuildVariables } from "./gitReference";
import { repositoryNameOf, tagOf } from "./lookup";
import type { ImagePlan } from "./plan";
import { required } from "./readVariables";

/** Digests of images that this project built, by content tag. */
export type Digests = Record<string, string>;

/** Proofs of the images that this project built, in the bucket of the build tools. */
export class Proofs {
    private readonly bucket: string;

    constructor(
        private readonly calls: AwsCalls,
        variables: BuildVariables,
    ) {
        this.bucket = required(variables, "BUILD_TOOLS_BUCKET");
    }

    /**
     * Decides which parts of an image that a lookup found are adopted. The image comes first. Its platforms, its pinned stages and their
     * seeds matter only for a missing image, apart from stages to mark as latest.
     *
     * @throws Error when ECR could not say what it has
     */
    async adopted(image: ImagePlan, answer: BatchGetImageAnswer): Promise<Digests> {
        refuseFailures(answer);
        const whole = await this.adoptedTags(image, answer, [image.tag]);
        const isAdopted = image.tag in whole;
        const stages = image.builds.flatMap(({ pinned }) => pinned);
        const others = isAdopted
            ? stages.filter(({ filling }) => filling?.to !== undefined).map(({ stage }) => stage.tag)
            : [
                  ...image.builds.map(({ tag }) => tag).filter((tag) => tag !== image.tag),
                  ...stages.flatMap(({ stage, filling }) => [stage.tag, ...(filling?.from ?? []).map(tagOf)]),
              ];
        return { ...whole, ...(await this.adoptedTags(image, answer, others)) };
    }

    /** Writes the proofs of the images that this build made. */
    async write(repositoryName: string, digests: Digests): Promise<void> {
        const writes = Object.entries(digests).map(([tag, digest]) =>
            this.calls.writeObject(this.bucket, proofKey(repositoryName, tag), digest),
        );
        await Promise.all(writes);
    }

    private async adoptedTags(
        { repositoryUrl }: ImagePlan,
        answer: BatchGetImageAnswer,
        tags: string[],
    ): Promise<Digests> {
        const found = [...new Set(tags)].filter((tag) => isThere(answer, tag));
        const adopted = found.map(async (tag) => {
            const key = proofKey(repositoryNameOf(repositoryUrl), tag);
            const proof = await this.calls.readProof(this.bucket, key);
            const digest = adoptedDigest(answer, tag, proof.digest);
            if (digest !== undefined) return [[tag, digest] as const];
            console.log(`  ${tag} is there, and is not adopted: ${refusal(`s3://${this.bucket}/${key}`, proof)}.`);
            return [];
        });
        return Object.fromEntries((await Promise.all(adopted)).flat());
    }
}

/**
 * Decides which image is adopted under a content tag: the one that the proof names, if the lookup by that tag found it.
 *
 * @param proof digest that the proof of the tag names. @default - there is no proof
 * @returns undefined for an image that has to be built
 */
export function adoptedDigest(answer: BatchGetImageAnswer, tag: string, proof: string | undefined): string | undefined {
    const isFound = answer.images?.some(({ imageId }) => imageId?.imageDigest === proof);
    return proof !== undefined && isFound && isThere(answer, tag) ? proof : undefined;
}

function refusal(location: string, { digest, reason }: ReadProof): string {
    return digest === undefined
        ? `nothing at ${location} proves that this project built it (${reason})`
        : `by ${location}, this project built ${digest}, and the tag has moved since`;
}
