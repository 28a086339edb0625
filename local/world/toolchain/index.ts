export type { ContainerTools } from "./containerTools";
export { libraryPath } from "./debianPackages";
export { elapsedSince, type Report } from "./report";
export {
    debianPackages,
    ensureContainerTools,
    ensureToolchain,
    type StartedToolchain,
    startToolchain,
    type Toolchain,
} from "./toolchain";
