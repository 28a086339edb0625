import * as fs from "node:fs/promises";
import * as path from "node:path";
import { worldDirectory } from "../../paths";
import { writeJsonFile } from "../../machine/jsonFile";
import type { BatchRecord } from "./batchRun";
import type { BuildRecord } from "./buildRecord";

/** Writes the record of the build, or batch, that a command ran: codebuild/last.json in the world's folder. */
export async function writeLastBuild(record: BuildRecord | BatchRecord): Promise<void> {
    const folder = path.join(worldDirectory(), "codebuild");
    await fs.mkdir(folder, { recursive: true, mode: 0o700 });
    await writeJsonFile(path.join(folder, "last.json"), record);
}
