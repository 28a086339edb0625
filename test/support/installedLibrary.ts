import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { projectRoot } from "../../local/paths";

/** Seconds that a build of the library may take on a busy machine. */
export const buildSeconds = 180;

/** The parts of package.json that an installation goes by. */
interface Manifest {
    name: string;
    files: string[];
    dependencies: Record<string, string>;
}

/**
 * Builds the library and installs it into a folder as a user has it: the files that package.json publishes, beside the packages that
 * it depends on and no others.
 */
export function installLibrary(folder: string): void {
    const { name, files, dependencies } = JSON.parse(
        fs.readFileSync(path.join(projectRoot, "package.json"), "utf8"),
    ) as Manifest;
    const modules = path.join(folder, "node_modules");
    const target = path.join(modules, name);
    for (const file of ["package.json", ...files.filter((one) => one !== "dist")]) {
        fs.cpSync(path.join(projectRoot, file), path.join(target, file), { recursive: true });
    }
    const compiler = require.resolve("typescript/lib/tsc.js");
    const project = path.join(projectRoot, "tsconfig.build.json");
    execFileSync(process.execPath, [compiler, "-p", project, "--outDir", path.join(target, "dist")]);
    for (const dependency of Object.keys(dependencies)) {
        const link = path.join(modules, dependency);
        fs.mkdirSync(path.dirname(link), { recursive: true });
        fs.symlinkSync(path.join(projectRoot, "node_modules", dependency), link);
    }
}
