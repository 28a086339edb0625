import * as fs from "node:fs";
import * as path from "node:path";
import { buildSync } from "esbuild";
import { contentKey } from "./contentKey";

/** Oldest Node of CodeBuild's current images. */
const target = "node18";

/** Folder of this package: two above this file, which is in `infra`, or in `dist` where the package is built. Both give the same bundle. */
const packageFolder = path.resolve(__dirname, "../..");

let bundled: ReturnType<typeof bundle> | undefined;

/**
 * Bundles the build tools, the script that builds run, into one CommonJS file that needs nothing but Node. The same sources always give the
 * same bytes.
 *
 * @returns the script and its key in the cache bucket; a changed content changes the key
 */
export function bundleBuildTools() {
    bundled ??= bundle();
    return bundled;
}

function bundle() {
    const { outputFiles } = buildSync({
        entryPoints: [path.join(packageFolder, "infra/buildTools/main.ts")],
        // Comments of the bundle name its sources by their path from here.
        absWorkingDir: packageFolder,
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
    const content = outputFiles[0]!.text;
    return { key: contentKey(content, ".js"), content };
}

/** Reads the scripts of deploys, by their paths below `deploy`. */
function deployScripts(): Record<string, string> {
    const folder = path.join(packageFolder, "deploy");
    const files = ["", "lib"].flatMap((part) =>
        fs.readdirSync(path.join(folder, part)).map((name) => path.join(part, name)),
    );
    const scripts = files.filter((file) => file.endsWith(".sh")).sort();
    return Object.fromEntries(scripts.map((file) => [file, fs.readFileSync(path.join(folder, file), "utf8")]));
}
