import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument } from "../iam/policyDocument";
import { artifactsPrefix, cachePrefix } from "./buildRolePolicy";

/** Arguments of {@link CacheBucket}. */
export interface CacheBucketArgs {
    /**
     * Name of a bucket to use instead of creating one; its settings stay as they are.
     *
     * @default - a bucket is created
     */
    existingBucketName?: pulumi.Input<string>;

    /** Days after which what builds left and did not write again is deleted. @default 30 */
    expiryDays?: number;

    /** ARN of the KMS key that encrypts the objects. @default - AES256 with a key of S3's own */
    kmsKeyArn?: pulumi.Input<string>;

    /** Delete the bucket with all its objects when the stack is destroyed. Otherwise it outlives the stack. @default false */
    throwAway?: boolean;
}

/** The S3 bucket in which builds keep what the registry cannot: private, encrypted, TLS only, with what builds leave emptied by age. */
export class CacheBucket extends pulumi.ComponentResource {
    /** Name of the bucket. */
    readonly bucketName: pulumi.Output<string>;
    /** ARN of the bucket. */
    readonly bucketArn: pulumi.Output<string>;

    constructor(name: string, args: CacheBucketArgs = {}, opts?: pulumi.ComponentResourceOptions) {
        super("cached-image-pipeline:index:CacheBucket", name, {}, opts);

        const bucket =
            args.existingBucketName === undefined
                ? this.createBucket(name, args)
                : aws.s3.getBucketOutput({ bucket: args.existingBucketName }, { parent: this });

        this.bucketName = bucket.bucket;
        this.bucketArn = bucket.arn;
        this.registerOutputs({ bucketName: this.bucketName, bucketArn: this.bucketArn });
    }

    private createBucket(name: string, args: CacheBucketArgs): aws.s3.Bucket {
        const options = { parent: this, retainOnDelete: !args.throwAway };
        const bucket = new aws.s3.Bucket(`${name}-bucket`, { forceDestroy: args.throwAway ?? false }, options);
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
            { bucket: bucket.bucket, rules: [encryptionRule(args.kmsKeyArn)] },
            options,
        );
        new aws.s3.BucketLifecycleConfiguration(
            `${name}-lifecycle`,
            { bucket: bucket.bucket, rules: expiryRules(args.expiryDays ?? 30) },
            options,
        );
        new aws.s3.BucketPolicy(
            `${name}-policy`,
            { bucket: bucket.bucket, policy: bucket.arn.apply(tlsOnlyPolicy) },
            // S3 refuses the two changes at the same moment with OperationAborted.
            { ...options, dependsOn: publicAccess },
        );
        return bucket;
    }
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

/** What builds write is forgotten; what `pulumi up` wrote for them stays. */
function expiryRules(days: number): aws.types.input.s3.BucketLifecycleConfigurationRule[] {
    return [cachePrefix, artifactsPrefix].map((prefix) => ({
        id: `expire-${prefix}`,
        status: "Enabled",
        filter: { prefix: `${prefix}/` },
        expiration: { days },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
    }));
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
