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
    /** Makes the command that prints the version of a file. @default - the file with `--version` */
    versionCommand?: (executable: string) => string[];
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

/** Folders of system programs that an ordinary user's PATH often lacks. */
export const systemFolders = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

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

/** Finds the version of a tool's file. @returns undefined when it does not run, or prints none */
export function versionOf(
    executable: string,
    { versionCommand = (file) => [file, "--version"] }: SystemTool,
    { versions, signal }: ToolContext,
): Promise<string | undefined> {
    return versions.versionOf(executable, versionCommand(executable), signal);
}

/** Tells whether a file is this tool in an allowed version. */
export async function isUsable(executable: string, tool: SystemTool, context: ToolContext): Promise<boolean> {
    const isExecutable = await fs.access(executable, fs.constants.X_OK).then(
        () => true,
        () => false,
    );
    if (!isExecutable) return false;
    const version = await versionOf(executable, tool, context);
    if (version === undefined || !isAllowed(version, tool.rule)) return false;
    return (await tool.accepts?.(executable)) ?? true;
}
