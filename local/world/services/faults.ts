import * as fs from "node:fs/promises";

/** Free space (bytes) below which a disk counts as full: too little for a log line or a record. */
const leastFreeBytes = 64 * 1024;

/** Tells whether the disk that holds a folder has no space left. */
export async function diskIsFull(folder: string): Promise<boolean> {
    const { bavail, bsize } = await fs.statfs(folder);
    return bavail * bsize < leastFreeBytes;
}

/** System errors that a person can mend (errno(3)). */
const systemFaults: Record<string, (folder: string) => string> = {
    ENOSPC: (folder) => `The disk that holds ${folder} is full; free some space, then run the command again.`,
    EDQUOT: (folder) => `The disk quota for ${folder} is used up; free some space, then run the command again.`,
    EROFS: (folder) => `${folder} is on a read-only file system; use a folder that can be written to.`,
    EACCES: (folder) => `${folder} cannot be written to by this user; run as its owner, or remove it.`,
    ENOTDIR: (folder) => `${folder} or something in it is a file where a folder is needed; remove it, then try again.`,
    EEXIST: (folder) => `${folder} or something in it is a file where a folder is needed; remove it, then try again.`,
};

/** Makes the error to throw for a failure of work in a world's folder: one sentence for the faults known here. */
export function explainWorldFault(folder: string, error: unknown): unknown {
    const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
    const sentence = systemFaults[code ?? ""]?.(folder);
    return sentence === undefined ? error : new Error(sentence, { cause: error });
}
