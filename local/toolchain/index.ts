export { type ContainerTools, ensureContainerTools } from "./containerTools";
export { debianPackages, libraryPath } from "./debianPackages";
export { elapsedSince, type Report } from "./report";
export { ensureToolchain, type Toolchain } from "./toolchain";
