import type * as pulumi from "@pulumi/pulumi";
import type { BuildProjectArgs } from "../codebuild/buildProjectArgs";
import type { CacheBucket } from "../codebuild/cacheBucket";
import { buildProjectName } from "../codebuild/projectNames";
import type { ImageRepository } from "../image/imageRepository";
import type { ResolvedArgs } from "./resolveArgs";
import type { ResolvedImage } from "./resolveImages";

/**
 * Makes the arguments of a pipeline's CodeBuild project.
 *
 * @param parts the images that it builds
 * @param buildkitImage BuildKit that it builds with
 */
export function buildProjectArgs(
    args: ResolvedArgs,
    parts: { image: ResolvedImage; repository: ImageRepository }[],
    bucket: CacheBucket,
    buildkitImage: pulumi.Input<string>,
): BuildProjectArgs {
    return {
        ...args.project,
        projectName: args.project?.projectName ?? buildProjectName(args),
        images: parts.map(({ image, repository }) => ({
            ...image,
            repositoryUrl: repository.repositoryUrl,
            repositoryArn: repository.repositoryArn,
        })),
        policy: args,
        buildspec: args.buildspec,
        buildkitImage,
        buildSecrets: args.buildSecrets,
        caCertificates: args.caCertificates,
        bucketName: bucket.bucketName,
        bucketArn: bucket.bucketArn,
        kmsKeyArn: args.kmsKeyArn,
        secretKmsKeyArn: args.secretKmsKeyArn,
        logRetentionDays: args.logRetentionDays,
    };
}
