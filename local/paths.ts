import * as path from "node:path";

/** The repository's root folder. */
export const projectRoot = path.resolve(__dirname, "..");

/** Where tools that are not on PATH are built or installed. */
export const toolsDirectory = path.join(projectRoot, ".tools");

/**
 * Where the running offline world keeps its state, logs and records.
 *
 * @default .local in the repository; tests point CACHED_IMAGE_PIPELINE_WORLD to a folder of their own
 */
export function worldDirectory(): string {
    return path.resolve(projectRoot, process.env.CACHED_IMAGE_PIPELINE_WORLD ?? ".local");
}
