import type * as pulumi from "@pulumi/pulumi";
import type { InfrastructureSettings } from "../codebuild/infrastructureProject";
import type { ProjectSettings } from "../codebuild/projectSettings";
import type { CacheMode } from "../plan/cachePolicy";
import type { Compression } from "../plan/compression";
import type { Platform } from "../plan/platform";

/** One image of the application. */
export interface PipelineImage {
    /** Name of the image, unique within the pipeline. */
    name: string;
    /** Name of its ECR repository. */
    repositoryName: string;
    /** Absolute path of the build context. */
    context: string;
    /** Absolute path of the Dockerfile. */
    dockerfile: string;
    /** Stage to build. @default - the last one */
    target?: string;
    /** Stage that consists of test results in JUnit XML; CodeBuild builds it first. @default - no tests */
    testTarget?: string;
    /** Build arguments besides BASE_REGISTRY. @default - none */
    buildArgs?: Record<string, string>;
    /** Platforms to build for. */
    platforms: Platform[];
    /** How layers are compressed: `gzip` for AWS Lambda and for Docker before 23, `zstd` for all others. */
    compression: Compression;
    /** Stages, in lower case, whose results are kept as images under a hash of what can change them. @default - none */
    pinnedStages?: string[];
    /** Take this promoted image instead of building one. @default - built */
    digest?: pulumi.Input<string>;
}

/** Arguments of {@link ImagePipeline}. */
export interface ImagePipelineArgs {
    /** Name of the application. */
    application: string;
    /** Name of the environment. */
    environment: string;
    /** The application's images, at least one. */
    images: PipelineImage[];
    /** Absolute path of what CodeBuild gets as its source; contexts and Dockerfiles lie below it. */
    sourceRoot: string;
    /** Text of the CodeBuild project's buildspec. */
    buildspec: string;
    /**
     * BuildKit image that is copied into the first built image's repository, from where CodeBuild builds start it: with its registry and
     * a tag, a digest or both, for linux/amd64 and linux/arm64.
     *
     * @default - the release that {@link buildkitReference} names
     */
    buildkitImage?: string;
    /** Settings of the CodeBuild project: source, compute, limits. @default - those of BuildProject */
    project?: ProjectSettings;
    /** A CodeBuild project that runs updates of the stack, with the text of its buildspec. @default - none */
    infrastructure?: InfrastructureSettings & { buildspec: string };
    /** Names or ARNs in Secrets Manager by the ids of build secrets. @default - none */
    buildSecrets?: Record<string, string>;
    /** Registry and prefix of the base images; the build argument BASE_REGISTRY. */
    baseRegistry: string;
    /** Branch that is built, and whose cache is written. */
    branch: string;
    /** Branch whose cache all others fall back to. */
    defaultBranch: string;
    /** How much the caches keep. */
    cacheMode: CacheMode;
    /** Moved by hand to pick up changed base images. @default - none */
    rebuildKey?: string;
    /**
     * Builds that may be under way at once, in an update and in a build of the CodeBuild project.
     *
     * @default - as many as the engine starts; what the buildspec says
     */
    parallelBuilds?: number;
    /** Create the repositories, or use existing ones of these names. @default true */
    createRepository?: boolean;
    /** Builds to keep. @default 50 */
    keepBuilds?: number;
    /** Days after which an unused cache is deleted, in registry and bucket. @default 30 */
    cacheExpiryDays?: number;
    /** Days after which a manifest without a tag is deleted. @default 7 */
    untaggedExpiryDays?: number;
    /** Days that build logs are kept. @default 30 */
    logRetentionDays?: number;
    /** Names of the Lambda functions that run the images; `*` stands for any text. @default - none */
    functionNames?: string[];
    /** KMS key for repositories and bucket. @default - keys of the services' own */
    kmsKeyArn?: pulumi.Input<string>;
    /** KMS key of the build secrets. @default - kmsKeyArn, or Secrets Manager's own */
    secretKmsKeyArn?: pulumi.Input<string>;
    /** Bucket to use instead of creating one. @default - created */
    cacheBucketName?: pulumi.Input<string>;
    /** Certificates that build steps trust besides the base image's, as the optional build secret `ca`. @default - none */
    caCertificates?: pulumi.Input<string>;
    /** Folder on target hosts. @default `/opt/<application>` */
    directoryApp?: pulumi.Input<string>;
    /** Secret with the application's settings. @default `<application>/<environment>` */
    secretName?: pulumi.Input<string>;
    /** Delete repositories and bucket with their content when the stack is destroyed. @default false */
    throwAway?: boolean;
}
