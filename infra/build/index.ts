export * from "./buildProject";
export * from "./cacheBucket";
