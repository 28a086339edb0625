export { builderEnvironment, emptyBuilder, withoutGit } from "./builder";
export { startWorld } from "./startWorld";
export { stopWorld } from "./stopWorld";
export { administratorSettings, readWorld, type World } from "./world";
