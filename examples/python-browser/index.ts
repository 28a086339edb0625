import * as pulumi from "@pulumi/pulumi";
import { deployEnvironment, EcsTarget, ImagePipeline } from "cached-image-pipeline";

const application = pulumi.getProject();
const environment = pulumi.getStack();

const pipeline = new ImagePipeline("printer", {
    images: [{ name: "printer", pinnedStages: [{ name: "browser" }, { name: "deps" }] }],
});

export const { images, buildProjectName, cacheBucketName } = pipeline;

const service = new EcsTarget("printer", {
    application,
    environment,
    imageUri: images["printer"]!.imageUri,
    repositoryArn: pipeline.repositoryArns["printer"]!,
    credentials: pipeline.repositories["printer"]!.credentials(),
    // The image's name, by which imagedefinitions.json calls the container.
    containerName: "printer",
    port: 9000,
    cpu: 512,
    memory: 1024,
    secretName: `${application}/${environment}`,
});

export const { url } = service;

/** The variables of deploy/ecs.sh. */
export const deployEnv = pulumi
    .all([
        images["printer"]!,
        {
            deployedTag: `deployed-${environment}`,
            ecsCluster: service.clusterName,
            ecsService: service.serviceName,
            ecsContainer: service.containerName,
            ecsTaskDefinition: service.taskDefinitionArn,
        },
    ])
    .apply(([outputs, values]) => deployEnvironment([{ name: "printer", outputs }], values));
