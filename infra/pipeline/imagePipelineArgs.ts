import type * as pulumi from "@pulumi/pulumi";
import type { InfrastructureSettings } from "../codebuild/infrastructureProjectArgs";
import type { ProjectSettings } from "../codebuild/projectSettings";
import type { BuildPolicy, ImageSpec } from "../plan/imageSpec";

/** One image of the application. */
export interface PipelineImage extends ImageSpec {
    /** Name of its ECR repository. */
    repositoryName: string;
    /** Promoted image that is taken instead of building one: `sha256:…`. @default - built */
    digest?: pulumi.Input<string>;
}

/** Arguments of {@link ImagePipeline}. */
export interface ImagePipelineArgs extends BuildPolicy {
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
