export * from "./buildProject";
export * from "./cacheBucket";
export * from "./projectSettings";
