export * from "./ec2DeployStatements";
export * from "./ec2Target";
