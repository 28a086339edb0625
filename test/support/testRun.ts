import { existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { projectRoot } from "../../local/paths";
import { stopWorld } from "../../local/world/services";

/** Folder of the worlds of engine tests, from the repository's root. A world's name begins with the process id of its run. */
export const engineWorldsFolder = ".local-engine";

/** Folder of the world of the end-to-end tests, from the repository's root; the world of the person at the machine stays untouched. */
export const commandsWorldFolder = ".local-test";

const variable = "CACHED_IMAGE_PIPELINE_WORLD";

/** Makes the folder of a run's temporary files, the variable TMPDIR of its processes. */
export function makeTemporaryFolderOfRun(): string {
    return mkdtempSync(path.join(realpathSync(tmpdir()), "tests-"));
}

/**
 * Removes everything that the tests of a run left.
 *
 * @param temporary the folder of the run's temporary files
 * @param isInterrupted whether the run did not come to its end; the end-to-end tests stop their world themselves otherwise
 */
export async function removeLeftovers(temporary: string, isInterrupted: boolean): Promise<void> {
    if (isInterrupted) await stopWorldIn(path.join(projectRoot, commandsWorldFolder));
    await removeWorldsOfEndedRuns();
    for (const folder of foldersIn(temporary)) {
        for (const world of [folder, ...foldersIn(folder).filter((one) => path.basename(one) === "world")]) {
            await stopWorldIn(world);
        }
    }
    rmSync(temporary, { recursive: true, force: true });
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

function foldersIn(folder: string): string[] {
    const entries = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    return entries.map(({ name }) => path.join(folder, name));
}

async function stopWorldIn(folder: string): Promise<void> {
    process.env[variable] = folder;
    try {
        await stopWorld();
    } finally {
        delete process.env[variable];
    }
}
