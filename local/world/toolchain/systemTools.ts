import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { ToolContext } from "./context";
import { isAllowed, type VersionRule } from "./version";

/** Tool that the machine may have already. */
export interface SystemTool {
    /** File name of the tool. */
    name: string;
    /** Rule of allowed versions. */
    rule: VersionRule;
    /** Makes the command that prints the version of a file. */
    versionCommand: (executable: string) => string[];
    /**
     * Folders to look into after those on PATH.
     *
     * @default none
     */
    folders?: string[];
    /**
     * Tests a further condition.
     *
     * @default none
     */
    accepts?: (executable: string) => Promise<boolean>;
}

/** Finds the first file on PATH, or in the tool's own folders, that has an allowed version; undefined when none has. */
export async function findSystemTool(tool: SystemTool, context: ToolContext): Promise<string | undefined> {
    const pathFolders = (process.env.PATH ?? "").split(path.delimiter).filter((folder) => path.isAbsolute(folder));
    for (const folder of [...pathFolders, ...(tool.folders ?? [])]) {
        // Tools built here are known by their stamps, even if somebody puts their folder on PATH.
        if (folder.startsWith(context.toolsDirectory)) continue;
        const candidate = path.join(folder, tool.name);
        if (await isUsable(candidate, tool, context)) return candidate;
    }
    return undefined;
}

/** Tells whether a file is this tool in an allowed version. */
export async function isUsable(executable: string, tool: SystemTool, context: ToolContext): Promise<boolean> {
    const isExecutable = await fs.access(executable, fs.constants.X_OK).then(
        () => true,
        () => false,
    );
    if (!isExecutable) return false;
    const version = await context.versions.versionOf(executable, tool.versionCommand(executable), context.signal);
    if (version === undefined || !isAllowed(version, tool.rule)) return false;
    return (await tool.accepts?.(executable)) ?? true;
}
