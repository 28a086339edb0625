export { describeMeasurement, explainFindings, summarizeFindings } from "./describe";
export { DockerfileError } from "../plan/dockerfile/dockerfile";
export { examineDockerfile, examineText, type Examination, type Finding } from "./examine";
export type { Measurement, Rule } from "./rule";
export { rules } from "./rules";
