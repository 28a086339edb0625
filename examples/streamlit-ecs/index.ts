import * as pulumi from "@pulumi/pulumi";
import { EcsTarget, ImagePipeline } from "cached-image-pipeline";

const application = pulumi.getProject();
const environment = pulumi.getStack();

const pipeline = new ImagePipeline("dashboard", {
    images: [
        {
            name: "dashboard",
            platforms: ["linux/amd64", "linux/arm64"],
            pinnedStages: [{ name: "deps" }],
        },
    ],
});

export const { images, buildProjectName } = pipeline;

const service = new EcsTarget("dashboard", {
    application,
    environment,
    imageUri: images["dashboard"]!.imageUri,
    repositoryArn: pipeline.repositoryArns["dashboard"]!,
    credentials: pipeline.repositories["dashboard"]!.credentials(),
    platform: "linux/arm64",
    containerName: "dashboard",
    port: 8501,
    healthCheckPath: "/_stcore/health",
    cpu: 512,
    memory: 1024,
    secretName: `${application}/${environment}`,
});

export const { url } = service;
