export { DockerfileError } from "../doctor/dockerfile";
export * from "./pinnedStages";
export * from "./stageFiles";
