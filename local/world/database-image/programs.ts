import * as fs from "node:fs/promises";
import * as path from "node:path";
import { debianPackages, libraryPath, type Report } from "../toolchain";
import { runCommand } from "../toolchain/command";

/** Packages that hold the server and its tools. */
const packages = ["mariadb-server-core", "mariadb-client"];

/** Files of the packages that the image has, with their names in it. */
const executables: [source: string, target: string][] = [
    ["usr/sbin/mariadbd", "usr/sbin/mariadbd"],
    // The name that health checks made for the official image use.
    ["usr/bin/mariadb-admin", "usr/bin/mysqladmin"],
];

/** Folder of the libraries in the image, which LD_LIBRARY_PATH names there. */
const libraries = "usr/local/lib/programs";

/**
 * Copies MariaDB's server, its SQL scripts, and the libraries that it is linked with into a folder, with their paths in the image.
 *
 * @throws one sentence when the packages cannot be had
 */
export async function collectPrograms(folder: string, report: Report, signal?: AbortSignal): Promise<void> {
    const root = await debianPackages("mysql-image", packages, report, signal);
    await fs.mkdir(path.join(folder, libraries), { recursive: true });
    for (const [source, target] of executables) {
        await copy(path.join(root, source), path.join(folder, target));
        for (const library of await librariesOf(path.join(root, source), root, signal)) {
            // The loader is found by its whole path, which is part of each executable.
            const isLoader = path.basename(library).startsWith("ld-");
            const inside = isLoader ? library : path.join(libraries, path.basename(library));
            await copy(library, path.join(folder, inside));
        }
    }
    await fs.cp(path.join(root, "usr/share/mysql"), path.join(folder, "usr/share/mysql"), {
        recursive: true,
        filter: (source) => !/\/(charsets\/.*|[a-z-]+\/errmsg\.sys)$/.test(source) || /english/.test(source),
    });
}

async function copy(source: string, target: string): Promise<void> {
    await fs.mkdir(path.dirname(target), { recursive: true });
    await fs.copyFile(await fs.realpath(source), target);
    await fs.chmod(target, 0o755);
}

/** Lists the paths that the loader finds for an executable, its own included. */
async function librariesOf(executable: string, root: string, signal?: AbortSignal): Promise<string[]> {
    const env = { ...process.env, LD_LIBRARY_PATH: await libraryPath(root) };
    const output = await runCommand("ldd", [executable], { env, signal });
    if (output.includes("not found")) throw new Error(`${executable} lacks libraries of this machine: ${output}`);
    return [...output.matchAll(/(?:=> |^\s+)(\/\S+) \(/gm)].map(([, file]) => file ?? "");
}
