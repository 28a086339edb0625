export { DockerfileError } from "../dockerfile/dockerfile";
export * from "./pinnedSource";
export * from "./pinnedStages";
export * from "./stageFiles";
