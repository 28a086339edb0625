import * as fs from "node:fs/promises";
import * as path from "node:path";
import { CommandError, runCommand } from "../../local/world/toolchain/command";
import { explainFault } from "../../local/world/toolchain/faults";

/** Way of making the folders of build hosts. */
export interface HostFolders {
    /** Description of the folders, for the method that goes with the results. */
    description: string;
    /**
     * Function that makes an empty folder that only this user enters.
     *
     * @param folder path that does not exist yet, or is empty (absolute)
     * @throws one sentence when it cannot be made
     */
    make: (folder: string) => Promise<void>;
    /** Function that removes such a folder with its content. @throws one sentence when it cannot be removed */
    remove: (folder: string) => Promise<void>;
}

/** Folders on a new ext4 for each host. ext4 is slow to make files for minutes after others were removed; see docs/decisions/061. */
const fileSystems: HostFolders = {
    description: "a new ext4 file system each",
    make: (folder) =>
        mountFileSystem(folder).catch((error: unknown) => {
            throw explainFault(`making a file system for ${folder}`, error);
        }),
    remove: async (folder) => {
        // Lazily: what an interrupted build still has open goes with its process.
        await runCommand("umount", ["--lazy", folder]).catch((error: unknown) => {
            throw explainFault(`unmounting ${folder}`, error);
        });
        await fs.rm(folder, { recursive: true });
    },
};

const plainFolders: HostFolders = {
    description: "a folder each on one file system, slower where files of earlier builds were removed",
    make: makeFolder,
    remove: (folder) => fs.rm(folder, { recursive: true }),
};

/**
 * Chooses file systems of their own where they can be mounted, which needs root, loop devices and mkfs.ext4.
 *
 * @param parent folder for the trial; created if there is none (absolute)
 * @param report function that takes the reason for plain folders
 */
export async function chooseHostFolders(parent: string, report: (line: string) => void): Promise<HostFolders> {
    const folder = path.join(parent, "trial");
    try {
        await mountFileSystem(folder);
    } catch (error) {
        if (!(error instanceof CommandError)) throw error;
        report(`No file system can be mounted for a build host (${error.message}), so hosts are plain folders.`);
        await fs.rm(folder, { recursive: true });
        return plainFolders;
    }
    await fileSystems.remove(folder);
    return fileSystems;
}

/** Size (bytes) of a host's file system; the file behind it takes only the written part. */
const fileSystemSize = 40 * 2 ** 30;

async function mountFileSystem(folder: string): Promise<void> {
    await makeFolder(folder);
    const file = `${folder}.ext4`;
    try {
        await fs.writeFile(file, "", { mode: 0o600 });
        await fs.truncate(file, fileSystemSize);
        await runCommand("mkfs.ext4", ["-q", file]);
        await runCommand("mount", ["-t", "ext4", "-o", "loop", file, folder]);
        await fs.chmod(folder, 0o700);
    } finally {
        // A mounted file needs no name, and its space is free again after the unmount.
        await fs.rm(file, { force: true });
    }
}

async function makeFolder(folder: string): Promise<void> {
    await fs.mkdir(folder, { recursive: true, mode: 0o700 });
}
