import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { createPrivateBucket, type PrivateBucketSettings } from "../aws/privateBucket";
import { type TagArgs, withTags } from "../aws/tags";

/** Arguments of {@link ArtifactBucket}. */
export interface ArtifactBucketArgs extends PrivateBucketSettings, TagArgs {}

/** Days that a source is kept: those that an execution may wait for an approval, and as many to look at it afterwards. */
const expiryDays = 14;

/**
 * S3 bucket that hands the source of a delivery pipeline's executions to its actions. It exists before the project that builds, whose role
 * may read it.
 */
export class ArtifactBucket extends pulumi.ComponentResource {
    /** Name of the bucket. */
    readonly bucketName: pulumi.Output<string>;
    /** ARN of the bucket. */
    readonly bucketArn: pulumi.Output<string>;

    constructor(name: string, args: ArtifactBucketArgs = {}, opts?: pulumi.ComponentResourceOptions) {
        super("cached-image-pipeline:index:ArtifactBucket", name, {}, withTags(opts, args));

        const { bucket, options } = createPrivateBucket(name, args, this);
        new aws.s3.BucketLifecycleConfiguration(
            `${name}-lifecycle`,
            { bucket: bucket.bucket, rules: [expiry] },
            options,
        );

        this.bucketName = bucket.bucket;
        this.bucketArn = bucket.arn;
        this.registerOutputs({ bucketName: this.bucketName, bucketArn: this.bucketArn });
    }
}

const expiry: aws.types.input.s3.BucketLifecycleConfigurationRule = {
    id: "expire-sources",
    status: "Enabled",
    filter: { prefix: "" },
    expiration: { days: expiryDays },
    abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
};
