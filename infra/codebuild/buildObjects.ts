import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { packagedTools } from "../buildTools/packagedTools";
import { contentKey } from "../buildTools/contentKey";
import { writeDefinition } from "../plan/buildDefinition";
import type { BuildProjectArgs } from "./buildProjectArgs";

/** Keys of the objects in the cache bucket that builds read and only `pulumi up` writes, by the variable that carries each key. */
export type BuildObjectKeys = Record<string, pulumi.Input<string>>;

/**
 * Puts the objects that builds read into the cache bucket, as children of a component. The keys depend on the objects, so their users wait
 * for the objects. Objects that an update replaces stay (docs/decisions/131): builds in the queue still name them.
 */
export function createBuildObjects(
    name: string,
    args: Pick<BuildProjectArgs, "bucketName" | "policy" | "images" | "caCertificates">,
    options: pulumi.CustomResourceOptions,
): BuildObjectKeys {
    const put = (role: string, object: { key: pulumi.Input<string>; content: pulumi.Input<string> }, type: string) =>
        new aws.s3.BucketObjectv2(
            `${name}-${role}`,
            { bucket: args.bucketName, ...object, contentType: type },
            { ...options, retainOnDelete: true },
        ).key;
    const keyed = (content: pulumi.Input<string>, extension: string) => ({
        key: pulumi.output(content).apply((text) => contentKey(text, extension)),
        content,
    });
    const { policy, caCertificates } = args;
    const images = pulumi.output(args.images).apply((known) => writeDefinition({ policy, images: known }));
    return {
        BUILD_TOOLS_KEY: put("tools", packagedTools(), "text/javascript; charset=utf-8"),
        IMAGES_KEY: put("images", keyed(images, ".json"), "application/json"),
        ...(caCertificates !== undefined && {
            CA_CERTIFICATES_KEY: put("ca-certificates", keyed(caCertificates, ".pem"), "application/x-pem-file"),
        }),
    };
}
