export { databaseImageReference, ensureDatabaseImage } from "./ensureDatabaseImage";
