export * from "./ec2";
export * from "./ecs";
export * from "./firstImage";
export * from "./lambda";
export * from "./releaseParameters";
export * from "./releaseStatements";
