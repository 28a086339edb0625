export { type DatabaseImageOptions, ensureDatabaseImage } from "./ensureDatabaseImage";
