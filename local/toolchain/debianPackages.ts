import { createHash } from "node:crypto";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { toolsDirectory } from "../paths";
import { CommandError, runCommand } from "./command";
import { hasStamp } from "./context";
import { explainFault } from "./faults";
import { withLock } from "./lock";
import { withProgress, type Report } from "./report";

/**
 * Downloads Debian packages, with those of their dependencies that the machine lacks, and unpacks them into a folder.
 * Nothing of the system changes: lists, cache and state of apt are private, and no package script runs.
 *
 * @param name names the folder, one set of packages each
 * @param packages the packages' names
 * @returns the absolute folder that they are unpacked in, with usr/ etc. below it; see libraryPath() for running them
 * @throws one sentence when there is no apt-get, no such package, no network, or the disk is full
 */
export async function debianPackages(
    name: string,
    packages: string[],
    report: Report,
    signal?: AbortSignal,
): Promise<string> {
    const folder = path.join(toolsDirectory, "debian", name);
    await fs.mkdir(folder, { recursive: true });
    const onWait = (holder: number) => report(`waiting for process ${holder}, which fetches the same packages …`);
    return withLock(folder, onWait, signal, () => ensureUnpacked(folder, packages, report, signal));
}

/**
 * @param root a folder of debianPackages()
 * @returns the value of LD_LIBRARY_PATH with which its programs find the libraries that came with them
 */
export async function libraryPath(root: string): Promise<string> {
    const parents = [path.join(root, "usr", "lib"), path.join(root, "lib")];
    const folders = await Promise.all(
        parents.map(async (parent) => {
            const names = await fs.readdir(parent).catch(() => []);
            return names.filter((entry) => entry.includes("-linux-")).map((entry) => path.join(parent, entry));
        }),
    );
    return folders.flat().join(":");
}

/** @param folder holds `root`, what the packages contain, beside apt's private files */
export async function ensureUnpacked(
    folder: string,
    packages: string[],
    report: Report,
    signal?: AbortSignal,
): Promise<string> {
    const root = path.join(folder, "root");
    const stampFile = path.join(folder, "stamp");
    const stamp = createHash("sha256").update(JSON.stringify(packages)).digest("hex");
    if (await hasStamp(stampFile, stamp)) return root;

    const what = `fetching the Debian packages ${packages.join(", ")}`;
    await withProgress(report, what, "about 20 s", async () => {
        await fs.rm(folder, { recursive: true, force: true });
        try {
            await fetchAndUnpack(folder, root, packages, signal);
        } catch (error) {
            throw explainDebianFault(what, packages, error);
        }
    });
    await fs.writeFile(stampFile, stamp);
    return root;
}

async function fetchAndUnpack(folder: string, root: string, packages: string[], signal?: AbortSignal): Promise<void> {
    const archives = path.join(folder, "apt", "cache", "archives");
    for (const created of [root, path.join(archives, "partial"), path.join(folder, "apt", "lists", "partial")]) {
        await fs.mkdir(created, { recursive: true });
    }
    const configuration = path.join(folder, "apt.conf");
    await fs.writeFile(configuration, aptConfiguration(path.join(folder, "apt")));
    const apt = (...args: string[]) =>
        runCommand("apt-get", ["--config-file", configuration, "--quiet", "--yes", ...args], {
            env: { ...process.env, DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" },
            signal,
        });
    await apt("update");
    // --reinstall also downloads a package that the machine has already.
    await apt("install", "--download-only", "--reinstall", "--no-install-recommends", ...packages);
    for (const archive of await fs.readdir(archives)) {
        if (!archive.endsWith(".deb")) continue;
        await runCommand("dpkg-deb", ["--extract", path.join(archives, archive), root], { signal });
    }
    await fs.rm(path.join(folder, "apt"), { recursive: true, force: true });
}

/** Read after the system's own configuration, hence the hooks that are cleared (apt.conf(5)). */
function aptConfiguration(folder: string): string {
    return `
Dir::State "${folder}";
Dir::State::lists "${folder}/lists";
Dir::State::status "/var/lib/dpkg/status";
Dir::Cache "${folder}/cache";
Dir::Log "${folder}";
APT::Sandbox::User "${process.getuid?.() === 0 ? "root" : ""}";
Acquire::Retries "2";
Acquire::Languages "none";
Debug::NoLocking "true";
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear DPkg::Pre-Install-Pkgs;
#clear DPkg::Pre-Invoke;
#clear DPkg::Post-Invoke;
`;
}

function explainDebianFault(what: string, packages: string[], error: unknown): unknown {
    if (error instanceof CommandError && error.missing) {
        const names = packages.join(", ");
        return new Error(
            `${error.command} is not on this machine, so ${names} cannot be fetched; install ${names} with your package manager, then run the command again.`,
            { cause: error },
        );
    }
    return explainFault(what, error);
}
