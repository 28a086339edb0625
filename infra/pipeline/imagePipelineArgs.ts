import type * as pulumi from "@pulumi/pulumi";
import type { TagArgs } from "../aws/tags";
import type { InfrastructureSettings } from "../codebuild/infrastructureProjectArgs";
import type { ProjectSettings } from "../codebuild/projectSettings";
import type { BuildPolicySettings, ImageSettings } from "../plan/imageSpec";

/** One image of the application. Paths start from the root of the source. */
export interface PipelineImage extends ImageSettings {
    /** Name of its ECR repository. @default - the pipeline's `repositoryName`; for further images followed by `/<name>` */
    repositoryName?: string;
    /** Promoted image that is taken instead of building one: `sha256:…`. @default - built */
    digest?: pulumi.Input<string>;
}

/** Updates of the stack in CodeBuild. */
export interface PipelineInfrastructure extends InfrastructureSettings {
    /** Text of the buildspec. @default - `buildspecs/infrastructure.yml` of this package */
    buildspec?: string;
}

/**
 * Arguments of {@link ImagePipeline}. Those of the build policy have the same defaults as the program's settings: branch `main`, a cache of
 * all stages, base images of Docker's library at `public.ecr.aws`, four builds at once.
 */
export interface ImagePipelineArgs extends BuildPolicySettings, TagArgs {
    /** The application's images, at least one. */
    images: PipelineImage[];
    /** Name of the application. @default - the Pulumi project's */
    application?: string;
    /** Name of the environment. @default - the stack's */
    environment?: string;
    /**
     * Absolute path of the folder that CodeBuild gets as its source; contexts and Dockerfiles lie below it.
     *
     * @default - the folder of Pulumi.yaml; the working directory where the program runs inside another one
     */
    sourceRoot?: string;
    /** Text of the CodeBuild project's buildspec. @default - `buildspecs/image.yml` of this package */
    buildspec?: string;
    /** ECR repository of the first image; each further image has one below it. @default `<application>-<environment>` in lower case */
    repositoryName?: string;
    /**
     * BuildKit image that is copied into the first built image's repository, from where CodeBuild builds start it: with its registry and
     * a tag, a digest or both, for linux/amd64 and linux/arm64.
     *
     * @default - the release that {@link buildkitReference} names
     */
    buildkitImage?: string;
    /** Settings of the CodeBuild project: source, compute, limits. @default - those of BuildProject */
    project?: ProjectSettings;
    /** A CodeBuild project that runs updates of the stack. @default - none */
    infrastructure?: PipelineInfrastructure;
    /** Names or ARNs in Secrets Manager by the ids of build secrets. @default - none */
    buildSecrets?: Record<string, pulumi.Input<string>>;
    /** Whether existing repositories of these names are used instead of new ones. @default false */
    existingRepositories?: boolean;
    /** Builds to keep. @default 50 */
    maxBuildCount?: number;
    /** Days after which an unused cache is deleted, in registry and bucket. @default 30 */
    cacheExpiryDays?: number;
    /** Days after which a manifest without a tag is deleted. @default 7 */
    untaggedExpiryDays?: number;
    /** Days that build logs are kept. @default 30 */
    logRetentionDays?: number;
    /** Names of the Lambda functions that run the images; `*` stands for any text. @default - none */
    lambdaFunctionNames?: string[];
    /** ARNs of roles of other accounts that copy images to the repositories. @default - none */
    copyRoleArns?: pulumi.Input<string>[];
    /** KMS key for repositories and bucket. @default - keys of the services' own */
    kmsKeyArn?: pulumi.Input<string>;
    /** KMS key of the build secrets. @default - kmsKeyArn, or Secrets Manager's own */
    secretKmsKeyArn?: pulumi.Input<string>;
    /** Name of an existing bucket for caches and build tools. @default - created */
    existingCacheBucketName?: pulumi.Input<string>;
    /** Certificates that build steps trust besides the base image's, as the optional build secret `ca`. @default - none */
    caCertificates?: pulumi.Input<string>;
    /** Folder on target hosts. @default `/opt/<application>` */
    hostFolder?: pulumi.Input<string>;
    /** Secret with the application's settings. @default `<application>/<environment>` */
    secretName?: pulumi.Input<string>;
    /** Delete repositories and bucket with their content when the stack is destroyed. @default false */
    forceDestroy?: boolean;
}
