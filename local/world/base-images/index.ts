export { ensureBaseImages, imageSettings, type BaseImageOptions, type RegistryAccess } from "./ensureBaseImages";
