import { constants } from "node:fs";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { CommandError } from "../../world/toolchain/command";
import { extractCommit, git } from "./git";
import { PhaseError } from "./phaseError";

/**
 * Copies the source of a build. Of a git work tree it copies the tracked and addable files as they are in the folder, of another folder all
 * files. A version is checked out instead of the files in the folder.
 *
 * No program of the folder runs: git is asked only where the folder is the root of a work tree. git itself refuses a folder of another
 * user, unless `safe.directory` names it.
 *
 * @param version branch, tag or commit. @default the files in the folder
 * @returns commit of the copy; undefined where the folder is no git work tree
 * @throws PhaseError for a missing folder or version, and for a repository that git does not read
 */
export async function copySource(from: string, to: string, version?: string): Promise<string | undefined> {
    const folder = await fs.realpath(from).catch(() => undefined);
    if (folder === undefined || !(await fs.stat(folder)).isDirectory()) {
        throw sourceError(`The source folder ${from} does not exist.`);
    }
    await fs.mkdir(to, { recursive: true });
    if (!(await isWorkTree(folder))) {
        if (version !== undefined) {
            throw sourceError(
                `The source folder ${from} is no git work tree, so there is no version ${version} of it.`,
            );
        }
        // The copy may be made below the folder, in the state of a world.
        const filter = (entry: string) => entry === folder || !to.startsWith(entry + path.sep);
        const mode = constants.COPYFILE_FICLONE;
        await fs.cp(folder, to, { recursive: true, verbatimSymlinks: true, mode, filter });
        return undefined;
    }
    const commit = await resolve(folder, version ?? "HEAD");
    if (version === undefined) {
        await copyWorkTree(folder, to);
        return commit;
    }
    if (commit === undefined) throw sourceError(`The source folder ${from} has no version ${version}.`);
    if (!(await extractCommit(folder, to, commit))) {
        throw sourceError(`git could not check out ${commit} of ${folder}.`);
    }
    return commit;
}

async function isWorkTree(folder: string): Promise<boolean> {
    const entry = await fs.lstat(path.join(folder, ".git")).catch(() => undefined);
    return entry !== undefined && (await read(folder, "rev-parse", "--show-toplevel")).trim() === folder;
}

/** Reads the output of a git command. @throws PhaseError with git's message when it does not read the repository */
async function read(folder: string, ...command: string[]): Promise<string> {
    return git(folder, ...command).catch((error: unknown) => {
        if (!(error instanceof CommandError)) throw error;
        if (error.missing) throw sourceError("git is not installed; install it.");
        const [words = ""] = error.output.split("\n");
        const remedy = `where you trust its owner, run: git config --global --add safe.directory ${folder}`;
        throw sourceError(`git does not read the source folder ${folder} (${words}); ${remedy}`);
    });
}

/** Lists the names by which a version is looked for, in this order. */
const versionForms = (version: string) => [version, `origin/${version}`];

async function resolve(folder: string, version: string): Promise<string | undefined> {
    for (const form of versionForms(version)) {
        const commit = await git(folder, "rev-parse", "--verify", "--quiet", `${form}^{commit}`).catch(() => undefined);
        if (commit !== undefined) return commit.trim();
    }
    return undefined;
}

/** Copies a work tree. git lists a submodule, or a repository inside, as its folder only; it is copied in the same way. */
async function copyWorkTree(folder: string, to: string): Promise<void> {
    const list = await read(folder, "ls-files", "-z", "--cached", "--others", "--exclude-standard");
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

function sourceError(message: string): PhaseError {
    return new PhaseError("CLIENT_ERROR", message);
}
