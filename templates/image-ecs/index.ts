import * as pulumi from "@pulumi/pulumi";
import { deployEnvironment, EcsTarget, ImagePipeline, type ImagePipelineArgs } from "cached-image-pipeline";

const application = pulumi.getProject();
const environment = pulumi.getStack();
// Further arguments of the pipeline, by stack: pulumi config set --path settings.cacheExpiryDays 14
const settings = new pulumi.Config().getObject<Partial<ImagePipelineArgs>>("settings");
const pipeline = new ImagePipeline("pipeline", { images: [{ name: "app" }], ...settings });
const image = pipeline.images["app"]!;

// A VPC, a load balancer and a Fargate service. It starts with this image; from then on deploys move it.
const service = new EcsTarget("service", {
    application,
    environment,
    imageUri: image.imageUri,
    repositoryArn: pipeline.repositoryArns["app"]!,
    credentials: pipeline.repositories["app"]!.credentials(),
    secretName: `${application}/${environment}`,
});

export const { imageUri } = image;
export const { buildProjectName } = pipeline;
export const { url } = service;
/** Variables of deploy/ecs.sh. */
export const deployEnv = pulumi
    .all([
        image,
        {
            deployedTag: `deployed-${environment}`,
            ecsCluster: service.clusterName,
            ecsService: service.serviceName,
            ecsContainer: service.containerName,
            ecsTaskDefinition: service.taskDefinitionArn,
        },
    ])
    .apply(([outputs, target]) => deployEnvironment([{ name: "app", outputs }], target));
