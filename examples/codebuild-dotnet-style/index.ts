import { ImagePipeline } from "cached-image-pipeline";

const pipeline = new ImagePipeline("build-image", {
    // The Dockerfile stays as it came: its own stage `core` is pinned.
    images: [{ name: "tools", context: "vendor", pinnedStages: [{ name: "core" }] }],
});

export const { images, buildProjectName } = pipeline;
