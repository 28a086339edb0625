import * as path from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import type { BuildProjectArgs, BuiltImage } from "../codebuild/buildProject";
import type { CacheBucket } from "../codebuild/cacheBucket";
import { buildProjectName } from "../codebuild/projectNames";
import type { AppImage } from "../image/appImage";
import type { ImageRepository } from "../image/imageRepository";
import { imageBuild } from "./imageBuild";
import type { ImagePipelineArgs, PipelineImage } from "./imagePipelineArgs";

/**
 * What the CodeBuild project of a pipeline is declared with.
 *
 * @param parts the images that it builds
 * @param buildkitImage BuildKit that it builds with
 */
export function buildProjectArgs(
    args: ImagePipelineArgs,
    parts: { image: PipelineImage; repository: ImageRepository; appImage: AppImage }[],
    bucket: CacheBucket,
    buildkitImage: pulumi.Input<string>,
): BuildProjectArgs {
    return {
        ...args.project,
        projectName: buildProjectName(args),
        // CodeBuild checks the connection by the role at once, and IAM makes a new role known while the images are pushed.
        projectDependsOn: parts.map(({ appImage }) => appImage),
        images: parts.map((part) => builtImage(args, part)),
        buildspec: args.buildspec,
        baseRegistry: args.baseRegistry,
        branch: args.branch,
        defaultBranch: args.defaultBranch,
        cacheMode: args.cacheMode,
        rebuildKey: args.rebuildKey,
        parallelBuilds: args.parallelBuilds,
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

/** An image as CodeBuild builds it: from the same files and arguments, found from the root of its source. */
function builtImage(
    args: ImagePipelineArgs,
    { image, repository }: { image: PipelineImage; repository: ImageRepository },
): BuiltImage {
    const { name, target, testTarget, platforms, compression, pinnedStages } = image;
    const { context, dockerfile, buildArgs } = imageBuild(args, image);
    const inSource = (location: string) => path.relative(args.sourceRoot, location).split(path.sep).join("/") || ".";
    return {
        name,
        repositoryUrl: repository.repositoryUrl,
        repositoryArn: repository.repositoryArn,
        context: inSource(context),
        dockerfile: inSource(dockerfile),
        target,
        testTarget,
        buildArgs: buildArgs ?? {},
        platforms,
        compression,
        pinnedStages,
    };
}
