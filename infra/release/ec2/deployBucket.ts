import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { createPrivateBucket, type PrivateBucketSettings } from "../../aws/privateBucket";

/** Days for which replaced versions of a file are kept. */
const keptDays = 90;

/**
 * Creates the bucket of the files that target hosts fetch, as children of a component. It is private, encrypted and versioned, so an
 * overwritten file can be restored. Builds write to another bucket.
 */
export function createDeployBucket(
    name: string,
    settings: PrivateBucketSettings,
    parent: pulumi.Resource,
): aws.s3.Bucket {
    const { bucket, options } = createPrivateBucket(name, settings, parent);
    const versioning = new aws.s3.BucketVersioning(
        `${name}-versioning`,
        { bucket: bucket.bucket, versioningConfiguration: { status: "Enabled" } },
        options,
    );
    new aws.s3.BucketLifecycleConfiguration(
        `${name}-lifecycle`,
        {
            bucket: bucket.bucket,
            rules: [
                {
                    id: "expire-replaced-versions",
                    status: "Enabled",
                    filter: { prefix: "" },
                    noncurrentVersionExpiration: { noncurrentDays: keptDays },
                },
            ],
        },
        { ...options, dependsOn: versioning },
    );
    return bucket;
}
