import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import * as path from "node:path";
import { projectRoot } from "../../local/paths";
import { stopWorld } from "../../local/world/services";

/** Folder of the worlds of engine tests, from the repository's root. */
const folder = ".local-engine";

/**
 * Folder of this process's world for engine tests, from the repository's root. Its name has the run's process id, so that runs do not
 * interfere. Where files run beside each other, the number of mocha's worker is added.
 */
export const engineWorldFolder = path.join(
    folder,
    process.env.MOCHA_WORKER_ID === undefined ? `${process.pid}-0` : `${process.ppid}-${process.env.MOCHA_WORKER_ID}`,
);

/** Hooks of each file that a worker runs, and of a whole run without workers: the next file has no world of engine tests. */
export const mochaHooks = {
    afterAll(): void {
        delete process.env.CACHED_IMAGE_PIPELINE_WORLD;
    },
};

/** Removes leftovers of killed runs. Mocha calls this hook once before a run. */
export async function mochaGlobalSetup(): Promise<void> {
    await removeWorlds((run) => !existsSync(`/proc/${run}`));
}

/** Stops and removes the worlds of this run. Mocha calls this hook once after a run, in the process that started the workers. */
export async function mochaGlobalTeardown(): Promise<void> {
    await removeWorlds((run) => run === String(process.pid));
}

/** Removes the worlds of some runs. @param isChosen function that decides by the process id of a run */
async function removeWorlds(isChosen: (run: string) => boolean): Promise<void> {
    const worlds = path.join(projectRoot, folder);
    mkdirSync(worlds, { recursive: true });
    for (const name of readdirSync(worlds)) {
        if (!isChosen(name.split("-")[0] ?? "")) continue;
        process.env.CACHED_IMAGE_PIPELINE_WORLD = path.join(folder, name);
        await stopWorld();
        rmSync(path.join(worlds, name), { recursive: true, force: true });
    }
}
