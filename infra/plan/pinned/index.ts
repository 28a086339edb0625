export { DockerfileError } from "../dockerfile/dockerfile";
export * from "./pinnedStages";
export * from "./stageFiles";
