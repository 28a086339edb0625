import * as fs from "node:fs";
import * as path from "node:path";
import { buildSync } from "esbuild";
import { toolsFile } from "../../infra/buildTools/packagedTools";
import { projectRoot } from "../paths";

/** Oldest Node of CodeBuild's current images. */
const target = "node18";

let bundled: string | undefined;

/**
 * Bundles the build tools, the script that builds run, into one CommonJS file that needs nothing but Node. The same sources always give the
 * same bytes.
 */
export function bundleBuildTools(): string {
    bundled ??= bundle();
    return bundled;
}

function bundle(): string {
    const { outputFiles } = buildSync({
        entryPoints: [path.join(projectRoot, "infra/buildTools/main.ts")],
        // Comments of the bundle name its sources by their path from here.
        absWorkingDir: projectRoot,
        tsconfigRaw: {},
        bundle: true,
        platform: "node",
        target,
        charset: "utf8",
        define: { DEPLOY_SCRIPTS: JSON.stringify(deployScripts()) },
        // It is an object of the cache bucket, and with it a part of the stack's state.
        minify: true,
        write: false,
    });
    return outputFiles[0]!.text;
}

/** Reads the scripts of deploys, by their paths below `deploy`. */
function deployScripts(): Record<string, string> {
    const folder = path.join(projectRoot, "deploy");
    const files = fs.readdirSync(folder, { recursive: true, encoding: "utf8" });
    const scripts = files.filter((file) => file.endsWith(".sh")).sort();
    return Object.fromEntries(scripts.map((file) => [file, fs.readFileSync(path.join(folder, file), "utf8")]));
}

/** Writes the committed bundle unless it is that of the sources. @returns whether it was written */
export function writeBuildTools(): boolean {
    if (isCurrent()) return false;
    fs.writeFileSync(toolsFile, bundleBuildTools());
    return true;
}

/** @throws Error when the committed bundle is not that of the sources */
export function requireCurrentTools(): void {
    if (isCurrent()) return;
    const file = path.relative(projectRoot, toolsFile);
    throw new Error(`${file} was bundled from other sources of the build tools; run \`npm run bundle\` and commit it.`);
}

function isCurrent(): boolean {
    return fs.existsSync(toolsFile) && fs.readFileSync(toolsFile, "utf8") === bundleBuildTools();
}
