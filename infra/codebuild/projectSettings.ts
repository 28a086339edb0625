import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** Source of a CodeBuild project. */
export interface SourceSettings {
    /**
     * Source of builds. A Git source names the ARN of a connection that is AVAILABLE in `auth` (`{ type: "CODECONNECTIONS", resource: arn
     * }`); S3 names `bucket/key` as its location. The role may read it. The component sets `buildspec`.
     *
     * @default - none: the caller that starts a build names its source
     */
    source?: aws.types.input.codebuild.ProjectSource;
    /** Branch, tag or commit that is built by default. @default - the repository's default branch */
    sourceVersion?: pulumi.Input<string>;
}

/** Settings of the CodeBuild project, passed on unchanged. */
export interface ProjectSettings extends SourceSettings {
    /** Name of the project; fixed, since the trust policy of its role names the project's ARN. @default `<application>-<environment>` */
    projectName?: string;
    /** ARN of the pipeline's artifact bucket, which a source of type CODEPIPELINE needs. @default - none */
    pipelineArtifactBucketArn?: pulumi.Input<string>;
    /**
     * Git source of pull requests, where a delivery pipeline is the source of all other builds.
     *
     * @default - the source
     */
    pullRequestSource?: aws.types.input.codebuild.ProjectSource;
    /**
     * Builds that the Git host starts, and whose status it shows. Pushes to the default branch start builds, and pull requests start builds
     * in a project of their own without push permissions.
     *
     * @default false
     */
    webhooks?: boolean;
    /**
     * Regular expression for whole names of tags whose pushes start builds, under the role that pushes. Protection of the default branch
     * keeps nobody from pushing a tag.
     *
     * @default - tags start no builds
     * @see https://docs.aws.amazon.com/codebuild/latest/APIReference/API_WebhookFilter.html
     */
    tagPattern?: string;
    /**
     * ARN of the connection by which builds of pull requests fetch their source. Such builds can read its token, which has the connection's
     * permissions at the Git host.
     *
     * @default - that of the source
     * @see https://aws.amazon.com/security/security-bulletins/AWS-2025-016/
     */
    pullRequestConnectionArn?: pulumi.Input<string>;
    /**
     * Pull requests that wait for a comment, and the roles at the Git host that may write the comment. Pull requests of these roles do not
     * wait.
     *
     * @default - all (`ALL_PULL_REQUESTS`), for administrators and maintainers
     * @see https://docs.aws.amazon.com/codebuild/latest/userguide/pull-request-build-policy.html
     */
    pullRequestBuildPolicy?: aws.types.input.codebuild.WebhookPullRequestBuildPolicy;
    /**
     * Variables of builds besides the buildspec's own. Builds read the values of PARAMETER_STORE and SECRETS_MANAGER, and the role may read
     * only these. Builds of pull requests get PLAINTEXT only. With BUILDKIT_ADDRESS in plain text, the address of a BuildKit of your own,
     * no build gets privileges.
     *
     * @default - none
     */
    environmentVariables?: aws.types.input.codebuild.ProjectEnvironmentEnvironmentVariable[];
    /** VPC, subnets and security groups of builds. @default - none; builds run outside your networks */
    vpcConfig?: aws.types.input.codebuild.ProjectVpcConfig;
    /**
     * Whether each platform is built on a host of its own kind, as the buildspec's batch; webhooks start such batches. The policy for
     * callers of StartBuild still denies batches.
     *
     * @default false
     */
    nativeBuilds?: boolean;
    /** Kind of host. @default LINUX_CONTAINER */
    environmentType?: pulumi.Input<string>;
    /** Size of the host. @default BUILD_GENERAL1_MEDIUM */
    computeType?: pulumi.Input<string>;
    /** Build image; it needs bash, Node.js, the AWS CLI and docker buildx. @default aws/codebuild/amazonlinux-x86_64-standard:5.0 */
    image?: pulumi.Input<string>;
    /** Managed Docker host that keeps layers between builds. @default - none; the registry cache keeps them */
    dockerServer?: pulumi.Input<aws.types.input.codebuild.ProjectEnvironmentDockerServer>;
    /**
     * Cache of folders besides the images' registry cache: of the type LOCAL, on the host, or NO_CACHE.
     *
     * @default - of the type S3, in the cache bucket
     * @see https://docs.aws.amazon.com/codebuild/latest/userguide/build-caching.html
     */
    cache?: aws.types.input.codebuild.ProjectCache;
    /** Projects with the same namespace and cache location share what they keep in S3. @default - the project alone */
    cacheNamespace?: pulumi.Input<string>;
    /** Minutes until a build is ended. @default 30 */
    buildTimeout?: pulumi.Input<number>;
    /** Minutes that a build may wait for its turn. @default 60 */
    queuedTimeout?: pulumi.Input<number>;
    /** Number of automatic retries of a failed build. @default 0 */
    autoRetryLimit?: pulumi.Input<number>;
    /** Limit of builds at the same time; one more is refused. @default - as many as the account may run */
    concurrentBuildLimit?: pulumi.Input<number>;
}

/**
 * Makes the source of a project with its buildspec.
 *
 * @throws pulumi.InputPropertyError for a source with another buildspec
 */
export function sourceInputs(
    source: SourceSettings["source"],
    buildspec: string,
): aws.types.input.codebuild.ProjectSource {
    if (source?.buildspec !== undefined) {
        const reason = "it has a value; allowed: none, since `buildspec` is an argument of its own";
        throw new pulumi.InputPropertyError({ propertyPath: "source.buildspec", reason });
    }
    return { type: "NO_SOURCE", ...source, buildspec };
}

/** Resources that a role needs for a source. */
export interface SourceAccess {
    /** ARN of the connection to the Git host. */
    connectionArn?: string;
    /** ARN of an archive in S3. */
    s3ObjectArn?: string;
    /** ARN of the artifact bucket of a pipeline. */
    artifactBucketArn?: string;
}

/**
 * Finds the resources that builds need to fetch a source.
 *
 * @throws Error for a pipeline whose artifact bucket is not given
 */
export function sourceAccess(
    source: pulumi.Unwrap<ProjectSettings["source"]>,
    partition: string,
    artifactBucketArn?: string,
): SourceAccess {
    if (source?.type === "S3") return { s3ObjectArn: `arn:${partition}:s3:::${source.location}` };
    if (source?.type === "CODEPIPELINE") {
        if (artifactBucketArn !== undefined) return { artifactBucketArn };
        throw new Error(
            "The source is CODEPIPELINE; it needs `pipelineArtifactBucketArn`, the pipeline's artifact bucket.",
        );
    }
    return source?.auth?.type === "CODECONNECTIONS" ? { connectionArn: source.auth.resource } : {};
}
