import * as fs from "node:fs/promises";

/** Opens an empty log for a service; the last process's output is kept beside it as `.previous`. */
export async function openLog(file: string): Promise<fs.FileHandle> {
    await fs.rename(file, `${file}.previous`).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== "ENOENT") throw error;
    });
    return fs.open(file, "w", 0o600);
}

/** Lines that end the output of a failed program without a reason: stack frames and Node's own version. */
const withoutReason = /^(at |Node\.js v|\}$)/;

/** Finds the last line of a log that tells something about a failure. */
export async function reasonInLog(file: string): Promise<string> {
    const text = await fs.readFile(file, "utf8");
    const lines = text.split("\n").map((line) => line.trim());
    return lines.findLast((line) => line !== "" && !withoutReason.test(line)) ?? "it wrote nothing";
}
