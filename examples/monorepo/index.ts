import { ImagePipeline } from "cached-image-pipeline";

const services = ["orders", "payments", "search"];

const pipeline = new ImagePipeline("bookshop", {
    images: services.map((name) => ({
        name,
        context: `services/${name}`,
        dockerfile: "Dockerfile",
        pinnedStages: [{ name: "deps" }],
    })),
});

export const { images, buildProjectName } = pipeline;
