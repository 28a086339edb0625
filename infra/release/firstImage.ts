import * as docker_build from "@pulumi/docker-build";
import * as pulumi from "@pulumi/pulumi";
import type { RegistryCredentials } from "../image/registryCredentials";

/** Arguments of {@link keepFirstImage}. */
export interface FirstImageArgs {
    /** Image, `repository@sha256:…`, that the target starts with. */
    imageUri: pulumi.Input<string>;
    /** Name of the environment. */
    environment: string;
    /** Login for the image's repository. @default - none; the image is kept no longer than other builds */
    credentials?: RegistryCredentials;
}

/** Makes the tag of the image that an environment's target started with. */
export function firstImageTag(environment: string): string {
    return `deployed-${environment}-first`;
}

/**
 * Keeps the image that a target starts with, which runs until the first deploy. No deploy has tagged it, so the lifecycle policy would
 * count it among the builds. An index that names the image gets a tag that the policy spares. The index is made once with the target, and
 * again when the target is replaced, which then starts with the newest image.
 *
 * @param target the resource that runs the image
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html "If an image is referenced by a manifest list,
 * it cannot be expired"
 */
export function keepFirstImage(
    name: string,
    { imageUri, environment, credentials }: FirstImageArgs,
    target: pulumi.Resource,
    options: pulumi.CustomResourceOptions,
): void {
    if (credentials === undefined) return;
    new docker_build.Index(
        `${name}-first-image`,
        {
            sources: [imageUri],
            tag: pulumi.output(imageUri).apply((uri) => `${uri.split("@")[0]}:${firstImageTag(environment)}`),
            push: true,
            registry: credentials,
        },
        // Deleting it would delete by digest, and the digest of an image for several platforms is the image's own.
        { ...options, ignoreChanges: ["sources"], replaceWith: [target], retainOnDelete: true },
    );
}
