export type { ContainerTools } from "./containerTools";
export { debianPackages, libraryPath } from "./debianPackages";
export { elapsedSince, type Report } from "./report";
export {
    ensureContainerTools,
    ensureToolchain,
    type StartedToolchain,
    startToolchain,
    type Toolchain,
} from "./toolchain";
