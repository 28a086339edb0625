import * as fs from "node:fs/promises";
import * as path from "node:path";
import { toolsDirectory } from "../paths";
import { pinsDirectory, type ToolContext } from "./context";
import { ensureDebianTools, type DebianTools } from "./debianTools";
import { ExecutableVersions } from "./executableVersions";
import { ensureGoTools, type GoTools } from "./goTools";
import { withLock } from "./lock";
import { runTogether } from "./parallel";
import { ensurePythonTools, type PythonTools } from "./pythonTools";
import type { Report } from "./report";

/** Everything that the offline world runs: absolute paths. */
export interface Toolchain extends GoTools, PythonTools, DebianTools {
    /** The folder whose bin/pulumi is `pulumi`, as the Automation API wants it. */
    pulumiRoot: string;
}

/**
 * Finds the tools on this machine, or builds and installs the missing ones below .tools/. Two runs at once take turns.
 *
 * @param report told what takes a while
 * @param signal stops it; what is done by then stays
 * @throws one sentence that says what to do when a tool cannot be had; the signal's reason when aborted
 */
export async function ensureToolchain(report: Report, signal?: AbortSignal): Promise<Toolchain> {
    return ensureToolchainIn(toolsDirectory, pinsDirectory, report, signal);
}

/** As ensureToolchain(), with the folder to build into and the folder of the pins. */
export async function ensureToolchainIn(
    toolsFolder: string,
    pinsFolder: string,
    report: Report,
    signal?: AbortSignal,
): Promise<Toolchain> {
    return withToolContext(toolsFolder, pinsFolder, report, signal, ensureAll);
}

/** Runs what looks for tools and builds them, one run at a time. */
export async function withToolContext<T>(
    toolsFolder: string,
    pinsFolder: string,
    report: Report,
    signal: AbortSignal | undefined,
    action: (context: ToolContext, signal?: AbortSignal) => Promise<T>,
): Promise<T> {
    await fs.mkdir(toolsFolder, { recursive: true });
    const onWait = (holder: number) => report(`waiting for process ${holder}, which sets up the same tools …`);
    return withLock(toolsFolder, onWait, signal, async () => {
        const versions = await ExecutableVersions.open(path.join(toolsFolder, "versions.json"));
        const context = { toolsDirectory: toolsFolder, pinsDirectory: pinsFolder, versions, report, signal };
        try {
            return await action(context, signal);
        } finally {
            await versions.save();
        }
    });
}

async function ensureAll(context: ToolContext, signal?: AbortSignal): Promise<Toolchain> {
    const [go, python, debian] = await runTogether<[GoTools, PythonTools, DebianTools]>(signal, [
        (linked) => ensureGoTools({ ...context, signal: linked }),
        (linked) => ensurePythonTools({ ...context, signal: linked }),
        (linked) => ensureDebianTools({ ...context, signal: linked }),
    ]);
    return { ...go, ...python, ...debian, pulumiRoot: path.dirname(path.dirname(go.pulumi)) };
}
