import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { createPrivateBucket, type PrivateBucketSettings } from "../../aws/privateBucket";

/** Days that replaced versions of a file are kept. */
const keptDays = 90;

/**
 * The bucket of the files that target hosts fetch, as children of a component: private, encrypted and versioned, so that an
 * overwritten file can be had back. It is not the builds' bucket, which builds write to.
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
