import { ImagePipeline } from "./components";
import { lambdaFunctionNames, readConfig } from "./config/config";
import { copyRoleArns, createArtifactBucket, createDelivery } from "./deliver";
import { deployEnvironmentOf, stackOutputs } from "./outputs";
import { createTargets } from "./targets";

const config = readConfig();
const artifacts = createArtifactBucket(config);
const pipeline = new ImagePipeline("pipeline", {
    ...config,
    project: { pipelineArtifactBucketArn: artifacts?.bucketArn, ...config.project },
    copyRoleArns: copyRoleArns(config),
    lambdaFunctionNames: lambdaFunctionNames(config),
});
const targets = createTargets(config, pipeline);
const deployEnvironment = deployEnvironmentOf(config, pipeline, targets);
const delivery = createDelivery(config, pipeline, artifacts, { ...targets, deployEnvironment });

export = stackOutputs(config, pipeline, { ...targets, deployEnvironment, delivery });
