import type * as pulumi from "@pulumi/pulumi";
import type { StackConfig } from "./config/config";
import { currentAccount } from "./aws/account";
import { roleArn } from "./aws/resourceArns";
import { copyRoleName } from "./ci/copyPolicy";
import type { StackNames } from "./codebuild/projectNames";
import { promoteProjectName } from "./delivery/deliveryNames";
import {
    ArtifactBucket,
    DeliveryEnvironment,
    DeliveryPipeline,
    type DeliveryPipelineArgs,
    type ImagePipeline,
} from "./components";

/** Outputs of deliveries by name; undefined where there are none. */
export interface DeliveryOutputs {
    /** Name of the pipeline. */
    deliveryPipelineName: pulumi.Output<string> | undefined;
    /** Policy of people who approve promotions, as JSON text. */
    deliveryApprovalPolicy: pulumi.Output<string> | undefined;
    /** ARN of the role by which another environment's pipeline releases here. */
    deliveryRoleArn: pulumi.Output<string> | undefined;
}

/** Creates the bucket of the pipeline's sources, which the project that builds reads; none without a pipeline. */
export function createArtifactBucket({ delivery, kmsKeyArn, forceDestroy }: StackConfig): ArtifactBucket | undefined {
    return delivery && new ArtifactBucket("artifacts", { kmsKeyArn, forceDestroy });
}

/** Names the roles that copy images here from another account; undefined where the images of this account are received. */
export function copyRoleArns({
    application,
    environment,
    deliveredBy,
    ci,
}: StackConfig): pulumi.Output<string>[] | undefined {
    const roles = [
        deliveredBy && { ...deliveredBy, nameOf: (from: StackNames) => promoteProjectName(from, environment) },
        ci?.promoteFrom && { ...ci.promoteFrom, nameOf: copyRoleName },
    ].flatMap((source) => {
        if (source?.accountId === undefined) return [];
        const { accountId, nameOf } = source;
        const name = nameOf({ application, environment: source.environment });
        return [currentAccount({}).partition.apply((partition) => roleArn(name, { partition, accountId }))];
    });
    return roles.length > 0 ? roles : undefined;
}

/** Values of deploys that pipelines need as well. */
interface Deploys {
    deployEnvironment: pulumi.Output<string>;
    deployPolicy: pulumi.Output<string> | undefined;
}

/** Creates the pipeline that begins in this environment, or the role by which that of another environment releases here. */
export function createDelivery(
    config: StackConfig,
    pipeline: ImagePipeline,
    artifacts: ArtifactBucket | undefined,
    { deployEnvironment, deployPolicy }: Deploys,
): DeliveryOutputs {
    const { application, environment, deliveredBy } = config;
    const deploys = deployPolicy && { application, environment, deployEnvironment, deployPolicy };
    const receiver = deploys && deliveredBy && new DeliveryEnvironment("delivery", { ...deploys, deliveredBy });
    const sender = deploys && artifacts && createPipeline(config, pipeline, artifacts, deploys);
    return {
        deliveryPipelineName: sender?.pipelineName,
        deliveryApprovalPolicy: sender?.approvalPolicy,
        deliveryRoleArn: receiver?.roleArn,
    };
}

function createPipeline(
    config: StackConfig,
    pipeline: ImagePipeline,
    artifacts: ArtifactBucket,
    deploys: Pick<DeliveryPipelineArgs, "application" | "environment" | "deployEnvironment" | "deployPolicy">,
): DeliveryPipeline {
    const { name } = config.images[0]!;
    const delivery = config.delivery!;
    return new DeliveryPipeline("delivery", {
        ...delivery,
        ...deploys,
        source: { branch: config.defaultBranch, ...delivery.source },
        artifactBucketName: artifacts.bucketName,
        buildProjectName: pipeline.buildProjectName!,
        cacheBucketName: pipeline.cacheBucketName!,
        buildToolsKey: pipeline.buildToolsKey!,
        repositoryUrl: pipeline.images[name]!.repositoryUrl,
        repositoryArn: pipeline.repositoryArns[name]!,
        imageTagParameter: pipeline.images[name]!.imageTagParameter,
        kmsKeyArn: config.kmsKeyArn,
        logRetentionDays: config.logRetentionDays,
    });
}
