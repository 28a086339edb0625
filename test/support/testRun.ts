import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { projectRoot } from "../../local/paths";
import { stopWorld } from "../../local/world/services";

/** Folder of the worlds of engine tests, from the repository's root. A world's name begins with the process id of its run. */
export const engineWorldsFolder = ".local-engine";

const variable = "CACHED_IMAGE_PIPELINE_WORLD";

/** Makes the folder of a run's temporary files, the variable TMPDIR of its processes. */
export function makeTemporaryFolderOfRun(): string {
    const folder = mkdtempSync(path.join(realpathSync(tmpdir()), "tests-"));
    // Some tests act as other users, for whom this folder takes the place of /tmp.
    chmodSync(folder, 0o1777);
    return folder;
}

/** Removes that folder, and stops the worlds in it that an interrupted run left. */
export async function removeTemporaryFolderOfRun(folder: string): Promise<void> {
    const worlds = readdirSync(folder).flatMap((name) => [path.join(folder, name), path.join(folder, name, "world")]);
    for (const world of worlds.filter((one) => statSync(one, { throwIfNoEntry: false })?.isDirectory())) {
        await stopWorldIn(world);
    }
    rmSync(folder, { recursive: true, force: true });
}

/** Stops and removes the worlds of engine tests that ended runs left. */
export function removeWorldsOfEndedRuns(): Promise<void> {
    return removeEngineWorlds((run) => !existsSync(`/proc/${run}`));
}

/** Stops and removes the worlds of engine tests of some runs. @param isChosen function that decides by the process id of a run */
export async function removeEngineWorlds(isChosen: (run: string) => boolean): Promise<void> {
    const worlds = path.join(projectRoot, engineWorldsFolder);
    mkdirSync(worlds, { recursive: true });
    for (const name of readdirSync(worlds).filter((one) => isChosen(one.split("-")[0] ?? ""))) {
        await stopWorldIn(path.join(worlds, name));
        rmSync(path.join(worlds, name), { recursive: true, force: true });
    }
}

async function stopWorldIn(folder: string): Promise<void> {
    process.env[variable] = folder;
    try {
        await stopWorld();
    } finally {
        delete process.env[variable];
    }
}
