export { DockerfileError } from "../doctor/dockerfile";
export { fillingDockerfile, lastImage } from "./carriedFolders";
export * from "./ownSteps";
export * from "./pinnedStages";
export * from "./stageFiles";
