import * as fs from "node:fs/promises";
import * as path from "node:path";
import { projectRoot } from "../../paths";
import type { Pace } from "./pace";
import type { Report } from "./report";
import type { ExecutableVersions } from "./executableVersions";

/** Where tools are, and what pins them. */
export interface ToolFolders {
    /** The folder of this clone that leads to its tools (absolute). */
    toolsDirectory: string;
    /** The folder that all clones of a person share, in which tools are built and installed (absolute). */
    storeDirectory: string;
    /** The folder of requirements.txt and of the folders with a go.mod each (absolute). */
    pinsDirectory: string;
}

/** What every source of tools works with. */
export interface ToolContext extends ToolFolders {
    /** What is known about executables that were looked at before. */
    versions: ExecutableVersions;
    /** How fast this machine is. */
    pace: Pace;
    report: Report;
    signal?: AbortSignal;
}

/** The repository's folder of pinned tools. */
export const pinsDirectory = path.join(projectRoot, "tools");

/** @returns whether a file holds exactly this stamp; a missing or half-written one does not */
export async function hasStamp(file: string, stamp: string): Promise<boolean> {
    return (await fs.readFile(file, "utf8").catch(() => "")) === stamp;
}
