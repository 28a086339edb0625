export * from "./bundle";
export * from "./contentKey";
