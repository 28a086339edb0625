import type * as pulumi from "@pulumi/pulumi";
import type { AppImage } from "../image/appImage";
import type { ImageRepository } from "../image/imageRepository";

/** Outputs of one image. */
export interface ImageOutputs {
    /** Address of the repository. */
    repositoryUrl: pulumi.Output<string>;
    /** `repository@sha256:…`. */
    imageUri: pulumi.Output<string>;
    /** `sha256:…`. */
    imageDigest: pulumi.Output<string>;
    /** `src-<hash>`; undefined for a received image. */
    imageTag: pulumi.Output<string | undefined>;
    /** Cache that this stack writes; undefined when it writes none. */
    cacheRef: pulumi.Output<string | undefined>;
    /** Name of the SSM parameter that holds the released image. */
    imageTagParameter: pulumi.Output<string>;
}

/** Gathers the outputs of an image. */
export function imageOutputs(
    repository: ImageRepository,
    appImage: AppImage,
    imageTagParameter: pulumi.Output<string>,
): ImageOutputs {
    return {
        repositoryUrl: repository.repositoryUrl,
        imageUri: appImage.imageUri,
        imageDigest: appImage.imageDigest,
        imageTag: appImage.imageTag,
        cacheRef: appImage.cacheReference,
        imageTagParameter,
    };
}
