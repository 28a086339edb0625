import * as pulumi from "@pulumi/pulumi";
import { deployEnvironment } from "./ci/deployEnvironment";
import type { ImagePipeline } from "./components";
import type { StackConfig } from "./config/config";
import type { TargetOutputs } from "./targets";

/** Names all outputs of the stack, those of the first image under their plain names. docs/reference.md describes them. */
export function stackOutputs(config: StackConfig, pipeline: ImagePipeline, { forDeploys, forOthers }: TargetOutputs) {
    const { images, webhooks } = pipeline;
    const shared = {
        buildProjectName: pipeline.buildProjectName,
        pullRequestProjectName: pipeline.pullRequestProjectName,
        buildRoleArn: pipeline.buildRoleArn,
        cacheBucketName: pipeline.cacheBucketName,
        directoryAppParameter: pipeline.directoryAppParameter,
        secretNameParameter: pipeline.secretNameParameter,
        deployedTag: `deployed-${config.environment}`,
        ...forDeploys,
    };
    return {
        ...images[config.images[0]!.name]!,
        ...shared,
        ...forOthers,
        webhooks,
        images,
        deployEnv: pulumi
            .all([config.images.map(({ name }) => ({ name, outputs: images[name]! })), shared])
            .apply(([all, rest]) => deployEnvironment(all, rest)),
    };
}
