export * from "./buildProject";
export * from "./cacheBucket";
export * from "./infrastructureProject";
export * from "./projectSettings";
export * from "./pullRequestProject";
export * from "./startBuildPolicy";
