import * as path from "node:path";
import type { ToolContext } from "./context";
import { unpackedPackages } from "./debianPackages";
import { isStaticExecutable } from "./staticExecutable";
import { findSystemTool, isUsable, type SystemTool } from "./systemTools";

/** The tools that come from Debian packages: absolute paths of executables. */
export interface DebianTools {
    runc: string;
    /** Statically linked, so that it runs in an image that has nothing else. */
    busybox: string;
}

interface DebianTool extends SystemTool {
    /** The package to take it from when the machine has none. */
    package: string;
    /** Its file in that package. */
    file: string;
}

/** Folders of system programs that an ordinary user's PATH often lacks. */
const systemFolders = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

const debianToolTable: Record<keyof DebianTools, DebianTool> = {
    runc: {
        name: "runc",
        rule: { atLeast: "1.1.0" },
        versionCommand: (executable) => [executable, "--version"],
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
    const root = await unpackedPackages(
        {
            name: tool.package,
            packages: [tool.package],
            isUsable: (folder) => isUsable(path.join(folder, tool.file), tool, context),
        },
        context,
    );
    return path.join(root, tool.file);
}
