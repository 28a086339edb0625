// The library's one list of exports. infra/index.ts is a program that uses it.

export type { ImageOutputs } from "./pipeline/imageOutputs";
export { ImagePipeline } from "./pipeline/imagePipeline";
export type { ImagePipelineArgs, PipelineImage, PipelineInfrastructure } from "./pipeline/imagePipelineArgs";

export { AppImage, type AppImageArgs } from "./image/appImage";
export type { ImageBuild } from "./image/imageBuild";
export { ImageRepository, type ImageRepositoryArgs } from "./image/imageRepository";
export type { RegistryCredentials, RegistryLogin } from "./image/registryCredentials";

export { BuildProject } from "./codebuild/buildProject";
export type { BuildProjectArgs, BuiltImage } from "./codebuild/buildProjectArgs";
export { CacheBucket, type CacheBucketArgs } from "./codebuild/cacheBucket";
export { InfrastructureProject } from "./codebuild/infrastructureProject";
export type { InfrastructureProjectArgs, InfrastructureSettings } from "./codebuild/infrastructureProjectArgs";
export type { ProjectSettings, SourceSettings } from "./codebuild/projectSettings";
export { PullRequestProject, type PullRequestProjectArgs } from "./codebuild/pullRequestProject";
export type { ManualWebhook } from "./codebuild/webhooks";

export type { InstanceTag } from "./release/ec2/ec2DeployStatements";
export { type ComposeFile, Ec2Target, type Ec2TargetArgs } from "./release/ec2/ec2Target";
export { EcsTarget } from "./release/ecs/ecsTarget";
export type {
    EcsServiceSettings,
    EcsTargetArgs,
    ExistingLoadBalancer,
    ExistingNetwork,
} from "./release/ecs/ecsTargetArgs";
export { LambdaTarget, type LambdaSettings, type LambdaTargetArgs } from "./release/lambda/lambdaTarget";
export { type ReleasedImage, ReleaseParameters, type ReleaseParametersArgs } from "./release/releaseParameters";

export { ArtifactBucket, type ArtifactBucketArgs } from "./delivery/artifactBucket";
export {
    DeliveryEnvironment,
    type DeliveryEnvironmentArgs,
    type DeliveringPipeline,
} from "./delivery/deliveryEnvironment";
export { DeliveryPipeline } from "./delivery/deliveryPipeline";
export type {
    DeliveryPipelineArgs,
    DeliverySource,
    PromotionTarget,
    TargetKind,
} from "./delivery/deliveryPipelineArgs";

export { CiIdentity, type CiIdentityArgs, type CiJobs, type CopyRole } from "./ci/ciIdentity";
export { deployEnvironment, type NamedOutputs } from "./ci/deployEnvironment";
export { type DeployScope, deployPolicy } from "./ci/deployPolicy";

export type { Severity } from "./buildTools/severity";
export type { TagArgs } from "./aws/tags";
export { buildkitReference } from "./plan/buildkitRelease";
export type { BuildInput } from "./plan/buildInput";
export type { CacheMode } from "./plan/cachePolicy";
export type { Compression } from "./plan/compression";
export type { BuildPolicy, BuildPolicySettings, ImageSettings, ImageSpec } from "./plan/imageSpec";
export type { Platform } from "./plan/platform";
