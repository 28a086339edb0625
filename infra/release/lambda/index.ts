export * from "./lambdaDeployStatements";
export * from "./lambdaTarget";
