import { spawn } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:fs";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { CommandError, runCommand } from "../toolchain/command";
import { PhaseError } from "./phaseError";

/** What was copied. */
export interface CopiedSource {
    /** Commit that the copy is of. @default unknown: the folder is no git work tree */
    commit?: string;
}

/**
 * Copies the source of a build. Of a git work tree, what git would add and what it has, as it stands in the folder; of
 * any other folder, everything. A version is checked out instead of what stands in the folder.
 *
 * @param version branch, tag or commit. @default what stands in the folder
 * @throws PhaseError when the folder is missing or has no such version
 */
export async function copySource(from: string, to: string, version?: string): Promise<CopiedSource> {
    const folder = await fs.realpath(from).catch(() => undefined);
    if (folder === undefined || !(await fs.stat(folder)).isDirectory()) {
        throw sourceError(`The source folder ${from} does not exist.`);
    }
    await fs.mkdir(to, { recursive: true });
    const isWorkTree = (await git(folder, "rev-parse", "--show-toplevel").catch(() => "")).trim() === folder;
    if (!isWorkTree) {
        if (version !== undefined) {
            throw sourceError(
                `The source folder ${from} is no git work tree, so there is no version ${version} of it.`,
            );
        }
        // The copy may be made below the folder, in the state of a world.
        const filter = (entry: string) => entry === folder || !to.startsWith(entry + path.sep);
        const mode = constants.COPYFILE_FICLONE;
        await fs.cp(folder, to, { recursive: true, verbatimSymlinks: true, mode, filter });
        return {};
    }
    const commit = await resolve(folder, version ?? "HEAD");
    if (version === undefined) {
        await copyWorkTree(folder, to);
        return { commit };
    }
    if (commit === undefined) throw sourceError(`The source folder ${from} has no version ${version}.`);
    await extractCommit(folder, to, commit);
    return { commit };
}

/** The patterns that a version is looked for by, in this order. */
const versionForms = (version: string) => [version, `origin/${version}`];

async function resolve(folder: string, version: string): Promise<string | undefined> {
    for (const form of versionForms(version)) {
        const commit = await git(folder, "rev-parse", "--verify", "--quiet", `${form}^{commit}`).catch(() => undefined);
        if (commit !== undefined) return commit.trim();
    }
    return undefined;
}

/** A submodule, or a repository inside, is listed as its folder only, and copied in the same way. */
async function copyWorkTree(folder: string, to: string): Promise<void> {
    const list = await git(folder, "ls-files", "-z", "--cached", "--others", "--exclude-standard");
    for (const name of new Set(list.split("\0").filter((entry) => entry !== ""))) {
        const file = path.join(folder, name);
        const copy = path.join(to, name);
        const status = await fs.lstat(file).catch(() => undefined);
        // Deleted in the work tree.
        if (status === undefined) continue;
        await fs.mkdir(path.dirname(copy), { recursive: true });
        if (status.isDirectory()) {
            await fs.mkdir(copy, { recursive: true });
            await copyWorkTree(file, copy);
        } else if (status.isSymbolicLink()) await fs.symlink(await fs.readlink(file), copy);
        else if (status.isFile()) await fs.copyFile(file, copy, constants.COPYFILE_FICLONE);
    }
}

async function extractCommit(folder: string, to: string, commit: string): Promise<void> {
    const archive = spawn("git", [...gitOptions(folder), "archive", commit], { stdio: ["ignore", "pipe", "inherit"] });
    const extract = spawn("tar", ["-x", "-C", to], { stdio: ["pipe", "ignore", "inherit"] });
    archive.stdout.pipe(extract.stdin);
    const codes = await Promise.all(
        [archive, extract].map((child) => once(child, "close") as Promise<[number | null]>),
    );
    if (codes.some(([code]) => code !== 0)) throw sourceError(`git could not check out ${commit} of ${folder}.`);
}

async function git(folder: string, ...args: string[]): Promise<string> {
    try {
        return await runCommand("git", [...gitOptions(folder), ...args]);
    } catch (error) {
        if (error instanceof CommandError && error.missing) throw sourceError("git is not installed; install it.");
        throw error;
    }
}

/** Folders of other users are fine: nothing in them is run. */
function gitOptions(folder: string): string[] {
    return ["-C", folder, "-c", "safe.directory=*"];
}

function sourceError(message: string): PhaseError {
    return new PhaseError("CLIENT_ERROR", message);
}
