import * as fs from "node:fs/promises";
import { runCommand } from "../toolchain/command";
import { explainFault } from "../toolchain/faults";

/** Lists the mount points at or below a folder, the innermost first (proc(5), /proc/<pid>/mountinfo). */
export function mountPointsBelow(folder: string, mountInfo: string): string[] {
    return mountInfo
        .split("\n")
        .map((line) => line.split(" ")[4] ?? "")
        .map((text) => text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8))))
        .filter((point) => point === folder || point.startsWith(`${folder}/`))
        .reverse();
}

/**
 * Unmounts all mounts at or below a folder, if there is such a folder.
 *
 * @throws one sentence when a mount stays
 */
export async function unmountBelow(folder: string): Promise<void> {
    const real = await fs.realpath(folder).catch(() => undefined);
    if (real === undefined) return;
    for (const point of mountPointsBelow(real, await fs.readFile("/proc/self/mountinfo", "utf8"))) {
        await runCommand("umount", [point]).catch((error: unknown) => {
            throw explainFault(`unmounting ${point}`, error);
        });
    }
}
