import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { proofKey } from "../plan/proofKey";
import type { PlatformTarget } from "./imageArgs";

/** Image that was pushed under a content tag. Without a bucket no proof is written; builds of CodeBuild then make the image themselves. */
type ProvenImage = Pick<PlatformTarget, "bucketName" | "repositoryUrl"> & {
    tag: string;
    /** Digest `sha256:…` of the image. */
    digest: pulumi.Input<string>;
};

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
