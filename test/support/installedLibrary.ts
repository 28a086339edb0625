import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { projectRoot } from "../../local/paths";

/** Seconds that a build of the library may take on a busy machine. */
export const buildSeconds = 180;

/** Files and folders that the package is made of, and those that make it. */
const sources = [
    ...["infra", "local", "buildspecs", "deploy", "README.md", "LICENSE"],
    ...["package.json", ".npmrc", "tsconfig.json", "tsconfig.build.json"],
];

/** The parts of package.json that an installation goes by. */
interface Manifest {
    name: string;
    version: string;
    dependencies: Record<string, string>;
    peerDependencies: Record<string, string>;
}

/**
 * Makes the package by `npm run package`, in a copy: another test may be making it at the same time.
 *
 * @param folder new folder for the copy
 * @returns path of the package
 */
export function packLibrary(folder: string): string {
    for (const source of sources)
        fs.cpSync(path.join(projectRoot, source), path.join(folder, source), { recursive: true });
    fs.symlinkSync(path.join(projectRoot, "node_modules"), path.join(folder, "node_modules"));
    execFileSync("npm", ["run", "package", "--silent"], { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
    const { name, version } = readManifest(folder);
    return path.join(folder, `${name}-${version}.tgz`);
}

/** Makes the package and installs it into a folder as npm does, beside the packages that it depends on and no others. */
export function installLibrary(folder: string): void {
    const copy = path.join(folder, "copy");
    const modules = path.join(folder, "node_modules");
    const target = path.join(modules, "cached-image-pipeline");
    fs.mkdirSync(target, { recursive: true });
    execFileSync("tar", ["--extract", "--file", packLibrary(copy), "--directory", target, "--strip-components=1"]);
    fs.rmSync(copy, { recursive: true });
    const { dependencies, peerDependencies } = readManifest(target);
    for (const dependency of Object.keys({ ...dependencies, ...peerDependencies })) {
        const link = path.join(modules, dependency);
        fs.mkdirSync(path.dirname(link), { recursive: true });
        fs.symlinkSync(path.join(projectRoot, "node_modules", dependency), link);
    }
}

function readManifest(folder: string): Manifest {
    return JSON.parse(fs.readFileSync(path.join(folder, "package.json"), "utf8")) as Manifest;
}
