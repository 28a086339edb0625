import * as fs from "node:fs/promises";
import * as path from "node:path";
import { explainMissingApt, ownSource, type PackageSource, unpackPackages } from "./apt";
import type { ToolContext } from "./context";
import { explainFault } from "./faults";
import { withProgress } from "./report";
import { ensureStored, linkTool } from "./store";

/** Packages that are unpacked into one folder. */
export interface PackageSet {
    /** Name of the folder. */
    name: string;
    /** Names of the packages. */
    packages: string[];
    /**
     * Source of the packages.
     *
     * @default the machine's own sources
     */
    source?: PackageSource;
    /**
     * Tells whether the programs in the folder run.
     *
     * @default always
     */
    isUsable?: (root: string) => Promise<boolean>;
    /**
     * Symbolic links to make, with their targets.
     *
     * @default none
     */
    links?: Record<string, string>;
}

/**
 * Fetches Debian packages, with those of their dependencies that the machine lacks, unless another clone of the person has them.
 *
 * @returns the folder below .tools/ (absolute) that they are unpacked in, with usr/ etc. below it; see libraryPath() for running them
 * @throws one sentence when there is no apt-get, no such package, no network, or the disk is full
 */
export async function unpackedPackages(set: PackageSet, context: ToolContext): Promise<string> {
    const { name, packages, source = ownSource, isUsable = () => Promise.resolve(true), links = {} } = set;
    const what = `fetching the Debian packages ${packages.join(", ")}`;
    const unpack = async (root: string) => {
        await unpackPackages(root, packages, source, context);
        for (const [link, target] of Object.entries(links)) await fs.symlink(target, path.join(root, link));
    };
    const make = (root: string) =>
        withProgress(context.report, context.pace, { what, kind: "fetch", seconds: 10 }, () => unpack(root)).catch(
            (error: unknown) => {
                throw explainFault(what, explainMissingApt(packages, error));
            },
        );
    const tool = { name: `debian-${name}`, content: [packages, source.name, links], isUsable, make };
    return linkTool(path.join(context.toolsDirectory, "debian", name), await ensureStored(tool, context));
}

/**
 * Makes the value of LD_LIBRARY_PATH with which programs of unpacked packages find their libraries.
 *
 * @param root a folder of unpacked packages
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
