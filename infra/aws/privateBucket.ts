import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { policyDocument } from "./policyDocument";

/** Settings of a private bucket. */
export interface PrivateBucketSettings {
    /** ARN of the KMS key that encrypts the objects. @default - AES256 with a key of S3's own */
    kmsKeyArn?: pulumi.Input<string>;
    /** Whether the bucket with all its objects is deleted when the stack is destroyed. Otherwise it outlives the stack. @default false */
    forceDestroy?: boolean;
}

/**
 * Creates a bucket that is private, encrypted, and reached over TLS only, as children of a component.
 *
 * @returns the bucket, and the options for further parts of it
 */
export function createPrivateBucket(
    name: string,
    settings: PrivateBucketSettings,
    parent: pulumi.Resource,
): { bucket: aws.s3.Bucket; options: pulumi.CustomResourceOptions } {
    const options = { parent, retainOnDelete: !settings.forceDestroy };
    const bucket = new aws.s3.Bucket(`${name}-bucket`, { forceDestroy: settings.forceDestroy ?? false }, options);
    const publicAccess = new aws.s3.BucketPublicAccessBlock(
        `${name}-public-access`,
        {
            bucket: bucket.bucket,
            blockPublicAcls: true,
            blockPublicPolicy: true,
            ignorePublicAcls: true,
            restrictPublicBuckets: true,
        },
        options,
    );
    new aws.s3.BucketServerSideEncryptionConfiguration(
        `${name}-encryption`,
        { bucket: bucket.bucket, rules: [encryptionRule(settings.kmsKeyArn)] },
        options,
    );
    new aws.s3.BucketPolicy(
        `${name}-policy`,
        { bucket: bucket.bucket, policy: bucket.arn.apply(tlsOnlyPolicy) },
        // S3 refuses the two changes at the same moment with OperationAborted.
        { ...options, dependsOn: publicAccess },
    );
    return { bucket, options };
}

function encryptionRule(
    kmsKeyArn: pulumi.Input<string> | undefined,
): aws.types.input.s3.BucketServerSideEncryptionConfigurationRule {
    if (kmsKeyArn === undefined) return { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } };
    return {
        applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: kmsKeyArn },
        // One data key for many objects instead of a KMS call for each.
        bucketKeyEnabled: true,
    };
}

/**
 * Refuses every request that does not come over TLS.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html
 */
function tlsOnlyPolicy(bucketArn: string): string {
    return policyDocument([
        {
            Sid: "DenyWithoutTls",
            Effect: "Deny",
            Principal: "*",
            Action: "s3:*",
            Resource: [bucketArn, `${bucketArn}/*`],
            Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
    ]);
}
