export { DockerfileError } from "../dockerfile/dockerfile";
export { fillingDockerfile, lastImage } from "./carriedFolders";
export * from "./pinnedStages";
export * from "./stageFiles";
