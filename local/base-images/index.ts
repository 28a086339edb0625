export { ensureBaseImages, type BaseImageOptions, type RegistryAccess } from "./ensureBaseImages";
