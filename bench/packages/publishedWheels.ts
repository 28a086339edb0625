import { createHash } from "node:crypto";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { runCommand } from "../../local/world/toolchain/command";
import { explainFault } from "../../local/world/toolchain/faults";
import type { Report } from "../../local/world/toolchain";
import { openToolContext } from "../../local/world/toolchain/session";
import { ensureStored } from "../../local/world/toolchain/store";
import { ownFolders } from "../../local/world/toolchain/toolchain";

/** Means of preparing packages. */
export interface Preparation {
    /** Absolute path of a Python interpreter that has pip. */
    python: string;
    report: Report;
    signal: AbortSignal;
}

/**
 * Downloads the wheels that requirements name from the package index that pip is set to, once for all clones of a person.
 *
 * @param what name of the wheels, for progress and faults
 * @param requirements texts of requirement files with exact versions and hashes; each one can be installed by itself
 * @returns absolute path of their folder
 * @throws one sentence when the index does not answer or gives a file with another hash
 */
export async function publishedWheels(
    what: string,
    requirements: string[],
    { python, report, signal }: Preparation,
): Promise<string> {
    const context = await openToolContext(ownFolders(), report, signal);
    const make = async (folder: string) => {
        report(`downloading ${what} …`);
        for (const text of requirements) await downloadWheels(python, folder, text, signal);
    };
    const wheels = {
        name: "wheels",
        content: requirements,
        isUsable: (folder: string) => hasWheels(folder, requirements),
    };
    return ensureStored({ ...wheels, make }, context).catch((error: unknown) => {
        throw explainFault(`downloading ${what}`, error);
    });
}

async function downloadWheels(python: string, folder: string, text: string, signal: AbortSignal): Promise<void> {
    const file = path.join(folder, "requirements.txt");
    await fs.writeFile(file, text);
    const download = ["-m", "pip", "download", "--quiet", "--no-input", "--disable-pip-version-check"];
    const choice = [
        "--require-hashes",
        "--no-deps",
        "--only-binary=:all:",
        `--dest=${folder}`,
        `--requirement=${file}`,
    ];
    await runCommand(python, [...download, ...choice], { signal });
    await fs.rm(file);
}

/** Tells whether a folder has the wheel of each requirement, all of them with a hash that the requirements name. */
export async function hasWheels(folder: string, requirements: string[]): Promise<boolean> {
    const text = requirements.join("\n");
    const required = new Set(text.match(/^[\w.-]+==[\w.]+/gm));
    const wheels = await fs.readdir(folder).catch(() => []);
    const hashes = await Promise.all(
        wheels.map(async (name) =>
            createHash("sha256")
                .update(await fs.readFile(path.join(folder, name)))
                .digest("hex"),
        ),
    );
    return hashes.length === required.size && hashes.every((hash) => text.includes(`sha256:${hash}`));
}
