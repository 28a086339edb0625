export * from "./lastRun";
export * from "./localStack";
export * from "./openStack";
export * from "./runUp";
export * from "./traffic";
export { UpdateLog } from "./updateLog";
