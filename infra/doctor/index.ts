export { summarizeFindings } from "./describe";
export { DockerfileError } from "../plan/dockerfile/dockerfile";
export { examineDockerfile, type Examination } from "./examine";
