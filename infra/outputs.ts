import * as pulumi from "@pulumi/pulumi";
import { deployEnvironment } from "./ci/deployEnvironment";
import type { ImagePipeline } from "./components";
import type { StackConfig } from "./config/config";
import type { DeliveryOutputs } from "./deliver";
import type { TargetOutputs } from "./targets";

/** Parts of a stack besides its images. */
interface OtherOutputs extends TargetOutputs {
    /** Values of deploys, as lines. */
    deployEnvironment: pulumi.Output<string>;
    delivery: DeliveryOutputs;
}

/** Names all outputs of the stack, those of the first image under their plain names. docs/reference.md describes them. */
export function stackOutputs(config: StackConfig, pipeline: ImagePipeline, others: OtherOutputs) {
    const { images, webhooks } = pipeline;
    return {
        ...images[config.images[0]!.name]!,
        ...sharedOutputs(config, pipeline, others),
        ...others.forOthers,
        ...others.delivery,
        webhooks,
        images,
        deployEnv: others.deployEnvironment,
    };
}

/** Renders the values of deploys: the outputs of each image, and those that all images share. */
export function deployEnvironmentOf(
    config: StackConfig,
    pipeline: ImagePipeline,
    targets: TargetOutputs,
): pulumi.Output<string> {
    const images = config.images.map(({ name }) => ({ name, outputs: pipeline.images[name]! }));
    return pulumi
        .all([images, sharedOutputs(config, pipeline, targets)])
        .apply(([all, rest]) => deployEnvironment(all, rest));
}

function sharedOutputs({ environment }: StackConfig, pipeline: ImagePipeline, { forDeploys }: TargetOutputs) {
    return {
        buildProjectName: pipeline.buildProjectName,
        pullRequestProjectName: pipeline.pullRequestProjectName,
        buildRoleArn: pipeline.buildRoleArn,
        cacheBucketName: pipeline.cacheBucketName,
        directoryAppParameter: pipeline.directoryAppParameter,
        secretNameParameter: pipeline.secretNameParameter,
        deployedTag: `deployed-${environment}`,
        ...forDeploys,
    };
}
