import * as fs from "node:fs/promises";
import * as path from "node:path";
import { projectRoot } from "../../paths";
import type { Pace } from "./pace";
import type { Report } from "./report";
import type { ExecutableVersions } from "./executableVersions";

/** Folders of tools and of the files that pin them. */
export interface ToolFolders {
    /** Absolute path of this clone's folder that leads to its tools. */
    toolsDirectory: string;
    /** Absolute path of the folder that all clones of a person share, in which tools are built and installed. */
    storeDirectory: string;
    /** Absolute path of the folder of requirements.txt and of the folders with a go.mod each. */
    pinsDirectory: string;
}

/** Context that every source of tools works with. */
export interface ToolContext extends ToolFolders {
    /** Known versions of executables. */
    versions: ExecutableVersions;
    /** Speed of this machine. */
    pace: Pace;
    report: Report;
    signal?: AbortSignal;
}

/** Folder of the repository that pins tools. */
export const pinsDirectory = path.join(projectRoot, "tools");

/** Tells whether a file holds exactly this stamp; a missing or half-written one does not. */
export async function hasStamp(file: string, stamp: string): Promise<boolean> {
    return (await fs.readFile(file, "utf8").catch(() => "")) === stamp;
}
