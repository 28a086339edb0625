export { databaseImageReference, type DatabaseImageOptions, ensureDatabaseImage } from "./ensureDatabaseImage";
