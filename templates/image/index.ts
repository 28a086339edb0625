import * as pulumi from "@pulumi/pulumi";
import { ImagePipeline, type ImagePipelineArgs } from "cached-image-pipeline";

// Further arguments of the pipeline, by stack: pulumi config set --path settings.cacheExpiryDays 14
const settings = new pulumi.Config().getObject<Partial<ImagePipelineArgs>>("settings");
const pipeline = new ImagePipeline("pipeline", { images: [{ name: "app" }], ...settings });

export const { imageUri, repositoryUrl } = pipeline.images["app"]!;
export const { buildProjectName } = pipeline;
