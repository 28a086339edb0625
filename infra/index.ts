import * as fs from "node:fs";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { functionNames, readConfig } from "./config/config";
import { deployEnvironment } from "./deployEnvironment";
import { ImagePipeline } from "./pipeline/imagePipeline";
import { createTargets } from "./targets";

const config = readConfig();
const buildspec = (name: string) => fs.readFileSync(path.join(config.sourceRoot, "buildspecs", name), "utf8");
const pipeline = new ImagePipeline("pipeline", {
    ...config,
    buildspec: buildspec("image.yml"),
    functionNames: functionNames(config),
    infrastructure: config.infrastructure && { ...config.infrastructure, buildspec: buildspec("infrastructure.yml") },
});
const targets = createTargets(config, pipeline);
const first = pipeline.images[config.images[0]!.name]!;

export const repositoryUrl = first.repositoryUrl;
export const imageUri = first.imageUri;
export const imageDigest = first.imageDigest;
export const imageTag = first.imageTag;
export const cacheRef = first.cacheRef;
export const imageTagParameter = first.imageTagParameter;
export const buildProjectName = pipeline.buildProjectName;
export const pullRequestProjectName = pipeline.pullRequestProjectName;
export const webhooks = pipeline.webhooks;
export const buildRoleArn = pipeline.buildRoleArn;
export const cacheBucketName = pipeline.cacheBucketName;
export const directoryAppParameter = pipeline.directoryAppParameter;
export const secretNameParameter = pipeline.secretNameParameter;
export const deployedTag = `deployed-${config.environment}`;
export const deployDocument = targets.deployDocument;
export const deployTargets = targets.deployTargets;
export const deployService = targets.deployService;
export const deployBucketName = targets.deployBucketName;
export const instanceProfileName = targets.instanceProfileName;
export const instanceRoleArn = targets.instanceRoleArn;
export const ecsCluster = targets.ecsCluster;
export const ecsService = targets.ecsService;
export const ecsContainer = targets.ecsContainer;
export const ecsTaskDefinition = targets.ecsTaskDefinition;
export const lambdaFunction = targets.lambdaFunction;
export const lambdaAlias = targets.lambdaAlias;
export const lambdaArchitecture = targets.lambdaArchitecture;
export const serviceUrl = targets.serviceUrl;
export const ciBuildRoleArn = targets.ciBuildRoleArn;
export const ciDeployRoleArn = targets.ciDeployRoleArn;
export const images = pipeline.images;
export const deployEnv = pulumi
    .all([
        images,
        {
            buildProjectName,
            pullRequestProjectName,
            buildRoleArn,
            cacheBucketName,
            directoryAppParameter,
            secretNameParameter,
            deployedTag,
            deployDocument,
            deployTargets,
            ecsCluster,
            ecsService,
            ecsContainer,
            ecsTaskDefinition,
            lambdaFunction,
            lambdaAlias,
            lambdaArchitecture,
        },
    ])
    .apply(([images, shared]) => deployEnvironment(images, shared));
