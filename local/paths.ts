import * as path from "node:path";

/** Root folder of the repository. */
export const projectRoot = path.resolve(__dirname, "..");

/** Folder of tools that are built or installed because PATH lacks them. */
export const toolsDirectory = path.join(projectRoot, ".tools");

/**
 * Names the folder of the running offline world's state, logs and records.
 *
 * @default .local in the repository; tests point CACHED_IMAGE_PIPELINE_WORLD to a folder of their own
 */
export function worldDirectory(): string {
    return path.resolve(projectRoot, process.env.CACHED_IMAGE_PIPELINE_WORLD ?? ".local");
}
