import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { buildToolsPrefix, bundleBuildTools } from "./buildTools";

/** Keys of the objects in the cache bucket that builds read and only `pulumi up` writes. */
export interface BuildObjectKeys {
    /** The build tools. */
    tools: pulumi.Output<string>;
    /** Certificates that build steps trust. @default - none */
    caCertificates?: pulumi.Output<string>;
}

/**
 * Puts what builds read into the cache bucket, as children of a component. The keys lead to the objects, so that what uses them waits
 * for them.
 */
export function createBuildObjects(
    name: string,
    args: { bucketName: pulumi.Input<string>; caCertificates?: pulumi.Input<string> },
    options: pulumi.CustomResourceOptions,
): BuildObjectKeys {
    const { key, content } = bundleBuildTools();
    const bucket = args.bucketName;
    const tools = new aws.s3.BucketObjectv2(
        `${name}-tools`,
        { bucket, key, content, contentType: "text/javascript; charset=utf-8" },
        options,
    );
    if (args.caCertificates === undefined) return { tools: tools.key };

    const caCertificates = new aws.s3.BucketObjectv2(
        `${name}-ca-certificates`,
        {
            bucket,
            key: `${buildToolsPrefix}/ca-certificates.pem`,
            content: args.caCertificates,
            contentType: "application/x-pem-file",
        },
        options,
    );
    return { tools: tools.key, caCertificates: caCertificates.key };
}
