export * from "./lastRun";
export * from "./localStack";
export * from "./openStack";
export * from "./runUp";
export * from "./traffic";
export { untilRejected } from "./untilRejected";
export { UpdateLog } from "./updateLog";
