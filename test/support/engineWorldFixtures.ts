import * as path from "node:path";
import { engineWorldsFolder, removeEngineWorlds, removeWorldsOfEndedRuns } from "./testRun";

/**
 * Folder of this process's world for engine tests, from the repository's root. Its name has the run's process id, so that runs do not
 * interfere. Where files run beside each other, the number of mocha's worker is added.
 */
export const engineWorldFolder = path.join(
    engineWorldsFolder,
    process.env.MOCHA_WORKER_ID === undefined ? `${process.pid}-0` : `${process.ppid}-${process.env.MOCHA_WORKER_ID}`,
);

/** Hooks of each file that a worker runs, and of a whole run without workers: the next file has no world of engine tests. */
export const mochaHooks = {
    afterAll(): void {
        delete process.env.CACHED_IMAGE_PIPELINE_WORLD;
    },
};

/** Removes leftovers of killed runs. Mocha calls this hook once before a run. */
export const mochaGlobalSetup = removeWorldsOfEndedRuns;

/** Stops and removes the worlds of this run. Mocha calls this hook once after a run, in the process that started the workers. */
export async function mochaGlobalTeardown(): Promise<void> {
    await removeEngineWorlds((run) => run === String(process.pid));
}
