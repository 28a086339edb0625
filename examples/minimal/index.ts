import { ImagePipeline } from "cached-image-pipeline";

const pipeline = new ImagePipeline("shop", { images: [{ name: "app", context: "./app" }] });

export const { imageUri, repositoryUrl } = pipeline.images["app"]!;
export const { buildProjectName } = pipeline;
