import * as path from "node:path";
import type { ToolContext } from "./context";
import { unpackedPackages } from "./debianPackages";
import { isStaticExecutable } from "./staticExecutable";
import { findSystemTool, isUsable, systemFolders, type SystemTool } from "./systemTools";

/** Absolute paths of the executables that come from Debian packages. */
export interface DebianTools {
    runc: string;
    /** Static busybox, which runs in an otherwise empty image. */
    busybox: string;
}

interface DebianTool extends SystemTool {
    /** Package that has the tool when the machine lacks it. */
    package: string;
    /** Path of the tool in that package. */
    file: string;
}

const debianToolTable: Record<keyof DebianTools, DebianTool> = {
    runc: {
        name: "runc",
        rule: { atLeast: "1.1.0" },
        folders: systemFolders,
        package: "runc",
        file: "usr/sbin/runc",
    },
    busybox: {
        name: "busybox",
        rule: { atLeast: "1.30.0" },
        versionCommand: (executable) => [executable, "--help"],
        accepts: isStaticExecutable,
        package: "busybox-static",
        file: "bin/busybox",
    },
};

/**
 * Finds or fetches runc and a static busybox.
 *
 * @throws one sentence when one is missing and cannot be fetched
 */
export async function ensureDebianTools(context: ToolContext): Promise<DebianTools> {
    return {
        runc: await ensure(debianToolTable.runc, context),
        busybox: await ensure(debianToolTable.busybox, context),
    };
}

async function ensure(tool: DebianTool, context: ToolContext): Promise<string> {
    const found = await findSystemTool(tool, context);
    if (found !== undefined) return found;
    const isRunning = (folder: string) => isUsable(path.join(folder, tool.file), tool, context);
    const set = { name: tool.package, packages: [tool.package], isUsable: isRunning };
    return path.join(await unpackedPackages(set, context), tool.file);
}
