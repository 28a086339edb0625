import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { retentionDefaults } from "../plan/defaults";
import { proofsPrefix } from "../plan/proofKey";
import { createPrivateBucket } from "../aws/privateBucket";
import { type TagArgs, withTags } from "../aws/tags";
import { artifactsPrefix, cachePrefix } from "./buildRolePolicy";

/** Arguments of {@link CacheBucket}. */
export interface CacheBucketArgs extends TagArgs {
    /**
     * Name of a bucket to use instead of creating one; its settings stay as they are.
     *
     * @default - a bucket is created
     */
    existingBucketName?: pulumi.Input<string>;

    /** Days after which objects that builds wrote and did not write again are deleted. @default 30 */
    expiryDays?: number;

    /** Number of builds that the repositories keep. @default 50 */
    maxBuildCount?: number;

    /** ARN of the KMS key that encrypts the objects. @default - AES256 with a key of S3's own */
    kmsKeyArn?: pulumi.Input<string>;

    /** Whether the bucket with all its objects is deleted when the stack is destroyed. Otherwise it outlives the stack. @default false */
    forceDestroy?: boolean;
}

/** S3 bucket for the data of builds that no registry can hold: private, encrypted, TLS only. Objects of builds expire by age. */
export class CacheBucket extends pulumi.ComponentResource {
    /** Name of the bucket. */
    readonly bucketName: pulumi.Output<string>;
    /** ARN of the bucket. */
    readonly bucketArn: pulumi.Output<string>;

    constructor(name: string, args: CacheBucketArgs = {}, opts?: pulumi.ComponentResourceOptions) {
        super("cached-image-pipeline:index:CacheBucket", name, {}, withTags(opts, args));

        const bucket =
            args.existingBucketName === undefined
                ? this.createBucket(name, args)
                : aws.s3.getBucketOutput({ bucket: args.existingBucketName }, { parent: this });

        this.bucketName = bucket.bucket;
        this.bucketArn = bucket.arn;
        this.registerOutputs({ bucketName: this.bucketName, bucketArn: this.bucketArn });
    }

    private createBucket(name: string, args: CacheBucketArgs): aws.s3.Bucket {
        const { bucket, options } = createPrivateBucket(name, args, this);
        const { expiryDays = retentionDefaults.cacheExpiryDays, maxBuildCount = retentionDefaults.maxBuildCount } =
            args;
        new aws.s3.BucketLifecycleConfiguration(
            `${name}-lifecycle`,
            { bucket: bucket.bucket, rules: expiryRules(expiryDays, maxBuildCount) },
            options,
        );
        return bucket;
    }
}

/**
 * Makes rules that expire objects of builds; objects that `pulumi up` wrote stay. A proof outlives its image: a repository that builds once
 * per cache lifetime has by then pushed as many newer images as it keeps. An older image is built once more.
 */
function expiryRules(days: number, maxBuildCount: number): aws.types.input.s3.BucketLifecycleConfigurationRule[] {
    const ages = { [cachePrefix]: days, [artifactsPrefix]: days, [proofsPrefix]: days * maxBuildCount };
    return Object.entries(ages).map(([prefix, age]) => ({
        id: `expire-${prefix}`,
        status: "Enabled",
        filter: { prefix: `${prefix}/` },
        expiration: { days: age },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
    }));
}
