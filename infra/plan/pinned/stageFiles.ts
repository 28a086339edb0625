import * as fs from "node:fs";
import * as path from "node:path";
import type { PinnedStage } from "./pinnedStages";

/**
 * Writes the Dockerfile of a pinned stage, and its ignore file under Docker's name for it. A concurrent reader sees whole files only.
 *
 * @returns path of the Dockerfile
 * @see https://docs.docker.com/build/concepts/context/#filename-and-location
 */
export function writeStageFiles(folder: string, { dockerfile, ignore }: PinnedStage): string {
    const file = path.join(folder, "Dockerfile");
    fs.mkdirSync(folder, { recursive: true });
    for (const [name, content] of [
        [`${file}.dockerignore`, ignore],
        [file, dockerfile],
    ] as const) {
        const unfinished = `${name}.${process.pid}`;
        fs.writeFileSync(unfinished, content);
        fs.renameSync(unfinished, name);
    }
    return file;
}
