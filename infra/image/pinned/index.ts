export { DockerfileError } from "../doctor/dockerfile";
export { fillingDockerfile, lastImage } from "./carriedFolders";
export * from "./pinnedStages";
export * from "./stageFiles";
