export * from "./ecsDeployStatements";
export * from "./ecsTarget";
export * from "./ecsTargetArgs";
export { clearSecrets, isClearSecret } from "./settingReference";
