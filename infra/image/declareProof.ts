import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { proofKey } from "../plan/proofKey";

/** Image that was pushed under a content tag. */
export interface ProvenImage {
    /** Bucket of the proof. @default - none is written; builds of CodeBuild then make the image themselves */
    bucketName?: pulumi.Input<string>;
    /** Repository of the image. */
    repositoryUrl: pulumi.Output<string>;
    /** Content tag of the image. */
    tag: string;
    /** Digest `sha256:…` of the image. */
    digest: pulumi.Input<string>;
}

/**
 * Declares the proof that this stack built an image; builds of CodeBuild adopt the image by it. CodeBuild writes the same objects, and the
 * last writer wins. No header is set: a refresh compares headers and would find those of the other writer. The proof of a content stays
 * when the next content is built, as the image does.
 */
export function declareProof(
    name: string,
    { bucketName, repositoryUrl, tag, digest }: ProvenImage,
    options: pulumi.CustomResourceOptions,
): void {
    if (bucketName === undefined) return;
    const key = repositoryUrl.apply((url) => proofKey(url.slice(url.indexOf("/") + 1), tag));
    new aws.s3.BucketObjectv2(name, { bucket: bucketName, key, content: digest }, { ...options, retainOnDelete: true });
}
