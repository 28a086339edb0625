export * from "./ec2";
export * from "./ecs";
export * from "./lambda";
export * from "./releaseParameters";
export * from "./releaseStatements";
