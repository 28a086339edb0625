import * as fs from "node:fs";
import * as path from "node:path";

/**
 * Finds the folder, a build context or one above it, that git takes for a repository although it has no `.git`. Such a folder has the
 * entries of a bare repository, which a commit may hold. buildx, and with it docker-build's provider, runs git in a context to learn the
 * commit, and git runs programs that a repository's `config` names.
 *
 * The search ends at a folder with `.git`, which git puts into no commit.
 *
 * @returns its path; undefined when there is none
 * @see https://git-scm.com/docs/git-config#Documentation/git-config.txt-safebareRepository
 */
export function bareRepository(context: string): string | undefined {
    const has = (folder: string, name: string) =>
        fs.lstatSync(path.join(folder, name), { throwIfNoEntry: false }) !== undefined;
    for (let folder = fs.realpathSync(context); ; folder = path.dirname(folder)) {
        if (has(folder, ".git")) return undefined;
        if (has(folder, "HEAD") && (has(folder, "objects") || has(folder, "commondir"))) return folder;
        if (folder === path.dirname(folder)) return undefined;
    }
}

/**
 * Finds a context or Dockerfile that a build would read from outside the source: the written path lies below the root, but symbolic links
 * lead out of it.
 *
 * @returns the first such path; undefined when there is none
 */
export function linkOutOfSource(root: string, context: string, dockerfile: string): string | undefined {
    return [context, dockerfile].find((location) => leaves(root, location));
}

function leaves(root: string, location: string): boolean {
    return isBelow(root, location) && !isBelow(fs.realpathSync(root), fs.realpathSync(location));
}

function isBelow(root: string, location: string): boolean {
    const relative = path.relative(root, location);
    return relative !== ".." && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}

/** Fault of an image's files. */
export interface SourceFault {
    /** Setting that names the file. */
    field: "context" | "dockerfile";
    /** Absolute path of a symbolic link that leads out of the source. @default - the file is not there */
    link?: string;
}

/** Looks for a build context or Dockerfile that is not there or leads out of the source. @returns the first fault */
export function sourceFault(sourceRoot: string, context: string, dockerfile: string): SourceFault | undefined {
    const found = (file: string) => fs.statSync(file, { throwIfNoEntry: false });
    if (!found(context)?.isDirectory()) return { field: "context" };
    if (!found(dockerfile)?.isFile()) return { field: "dockerfile" };
    const link = linkOutOfSource(sourceRoot, context, dockerfile);
    return link === undefined ? undefined : { field: link === dockerfile ? "dockerfile" : "context", link };
}
