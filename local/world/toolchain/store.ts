import { createHash } from "node:crypto";
import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { hasStamp, type ToolContext } from "./context";
import { withLock } from "./lock";

/** Tool, or several that are made together, in the folder that all clones of a person share. */
export interface StoredTool {
    /** Name of the tool in the folder. */
    name: string;
    /** All inputs of the tool. The machine's architecture and release are added to them. */
    content: unknown;
    /** Function that tells whether the tool in the folder runs and matches `content`. */
    isUsable: (folder: string) => Promise<boolean>;
    /** Function that makes the tool in its empty folder. */
    make: (folder: string) => Promise<void>;
}

/**
 * Names the folder of the tools that all clones of a person share.
 *
 * @see https://specifications.freedesktop.org/basedir-spec/latest/ for XDG_CACHE_HOME
 */
export function storeDirectory(): string {
    const configured = process.env.XDG_CACHE_HOME ?? "";
    const caches = path.isAbsolute(configured) ? configured : path.join(os.homedir(), ".cache");
    return path.join(caches, "cached-image-pipeline", "tools");
}

/**
 * Creates the folder of shared tools unless it exists. Its programs are run, so a folder that others could write to is refused.
 *
 * @throws one sentence when it, or the folder above, belongs to another user or can be written by others
 */
export async function openStore(folder: string): Promise<void> {
    await fs.mkdir(folder, { recursive: true, mode: 0o700 });
    for (const one of [path.dirname(folder), folder]) {
        const { uid, mode } = await fs.stat(one);
        const user = process.getuid?.() ?? uid;
        const advice =
            "make it yours alone, remove it, or name another folder by XDG_CACHE_HOME, then run the command again.";
        if (uid !== user)
            throw new Error(`${one} holds programs to run and belongs to user ${uid}, not ${user}; ${advice}`);
        if ((mode & 0o022) !== 0) {
            const bits = (mode & 0o777).toString(8);
            throw new Error(`${one} holds programs to run and can be written by others (mode ${bits}); ${advice}`);
        }
    }
}

/**
 * Finds a tool in the shared folder, or makes it there. A process that needs the same tool meanwhile waits for it.
 *
 * @returns its folder
 * @throws errors of making it; one sentence when the result does not run
 */
export async function ensureStored(tool: StoredTool, context: ToolContext): Promise<string> {
    const { stamp, folder, content, mark } = await placeOf(tool, context);
    const isThere = async () => (await hasStamp(mark, stamp)) && (await tool.isUsable(content));
    if (await isThere()) return content;

    await fs.mkdir(folder, { recursive: true, mode: 0o700 });
    const onWait = (holder: number) => context.report(`waiting for process ${holder}, which makes ${tool.name} …`);
    await withLock(folder, onWait, context.signal, async () => {
        if (await isThere()) return;
        await fs.rm(mark, { force: true });
        await fs.rm(content, { recursive: true, force: true });
        await fs.mkdir(content);
        await tool.make(content);
        if (!(await tool.isUsable(content))) {
            throw new Error(
                `${tool.name} was made in ${content} but does not run or has the wrong version; check the pins in ${context.pinsDirectory}.`,
            );
        }
        // An environment of Python holds absolute paths, so that things are made in place and count with this file only.
        await fs.writeFile(mark, stamp);
    });
    return content;
}

/** Finds a tool in the shared folder. @returns its folder; undefined when it is missing or does not run */
export async function findStored(tool: StoredTool, context: ToolContext): Promise<string | undefined> {
    const { stamp, content, mark } = await placeOf(tool, context);
    return (await hasStamp(mark, stamp)) && (await tool.isUsable(content)) ? content : undefined;
}

async function placeOf(tool: StoredTool, { storeDirectory }: ToolContext) {
    const stamp = await stampOf(tool);
    const folder = path.join(storeDirectory, `${tool.name}-${stamp.slice(0, 16)}`);
    return { stamp, folder, content: path.join(folder, "content"), mark: path.join(folder, "complete") };
}

async function stampOf({ name, content }: StoredTool): Promise<string> {
    const osRelease = await fs.readFile("/etc/os-release", "utf8").catch(() => "");
    const release = osRelease.split("\n").filter((line) => /^(ID|VERSION_ID)=/.test(line));
    return createHash("sha256")
        .update(JSON.stringify([name, content, process.arch, release]))
        .digest("hex");
}

/** Links a name in .tools/ to a stored file or folder, and replaces an earlier entry. */
export async function linkTool(link: string, target: string): Promise<string> {
    if ((await fs.readlink(link).catch(() => undefined)) === target) return link;
    await fs.mkdir(path.dirname(link), { recursive: true });
    const unfinished = `${link}.${process.pid}.unfinished`;
    await fs.rm(unfinished, { force: true });
    await fs.symlink(target, unfinished);
    const before = await fs.lstat(link).catch(() => undefined);
    if (before?.isDirectory()) await fs.rm(link, { recursive: true });
    await fs.rename(unfinished, link);
    return link;
}
