export * from "./ecsDeployStatements";
export * from "./ecsTarget";
export * from "./ecsTargetArgs";
