export { ensureBaseImages, imageSettings } from "./ensureBaseImages";
