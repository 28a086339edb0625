// Runs a TypeScript entry of this repository, also right after `git clone`: node local/bootstrap.js <entry.ts> [arguments].
// Only Node's own modules may be used up to the point where `npm ci` has run.
"use strict";
const { spawnSync } = require("node:child_process");
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");

const root = path.resolve(__dirname, "..");
const installedLock = path.join(root, "node_modules", ".package-lock.json");

function supportedNode([major, minor]) {
    return (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;
}

function fail(message) {
    console.error(message);
    process.exit(1);
}

/** npm writes its own copy of the lock file last, so a missing or older one means an absent or half-done installation. */
function dependenciesAreInstalled() {
    if (!fs.existsSync(installedLock)) return false;
    return fs.statSync(installedLock).mtimeMs >= fs.statSync(path.join(root, "package-lock.json")).mtimeMs;
}

function installDependencies() {
    process.stderr.write("Installing the npm packages of the lock file (npm ci) …\n");
    const result = spawnSync("npm", ["ci", "--no-progress", "--loglevel=error"], {
        cwd: root,
        stdio: ["ignore", 2, 2],
    });
    if (result.error)
        fail(`npm could not be started (${result.error.message}); install npm, then run the command again.`);
    if (result.status !== 0) {
        fail(
            "npm ci failed (its message is above); check the network or the npm registry settings, then run the command again.",
        );
    }
    const now = new Date();
    fs.utimesSync(installedLock, now, now);
}

/**
 * Loads TypeScript as ts-node translates it. The translation of each content is kept, since loading the compiler and translating
 * takes most of the time of a short command.
 */
function registerTypeScript() {
    const cache = path.join(root, "node_modules", ".cache", "cached-image-pipeline");
    const read = (name) => fs.readFileSync(path.join(root, name), "utf8");
    const versions = ["typescript", "ts-node"].map(
        (name) => JSON.parse(read(`node_modules/${name}/package.json`)).version,
    );
    const settings = JSON.stringify([versions, fs.readFileSync(process.env.TS_NODE_PROJECT, "utf8")]);
    let compiler;
    const translate = (file, source) => {
        const hash = createHash("sha256")
            .update(JSON.stringify([settings, file, source]))
            .digest("hex");
        const kept = path.join(cache, `${hash}.js`);
        try {
            return fs.readFileSync(kept, "utf8");
        } catch (error) {
            if (error.code !== "ENOENT") throw error;
        }
        compiler ??= require("ts-node").create({ transpileOnly: true });
        const code = compiler.compile(source, file);
        fs.mkdirSync(cache, { recursive: true });
        fs.writeFileSync(`${kept}.${process.pid}`, code);
        fs.renameSync(`${kept}.${process.pid}`, kept);
        return code;
    };
    require.extensions[".ts"] = (module, file) => module._compile(translate(file, fs.readFileSync(file, "utf8")), file);
    // Node finds the lines of TypeScript in what is kept, too; it takes time that only a person who looks at stacks wants to spend.
    process.setSourceMapsEnabled(Boolean(process.env.DEBUG));
}

const version = process.versions.node.split(".").map(Number);
if (!supportedNode(version)) {
    fail(`Node ${process.versions.node} is not supported; install Node 20.19 or later, or 22.12 or later.`);
}
const [entry, ...args] = process.argv.slice(2);
if (entry === undefined) fail("usage: node local/bootstrap.js <entry.ts> [arguments]");
if (!dependenciesAreInstalled()) installDependencies();

// The pinned version runs on every supported Node; the warning is about later ones.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
process.env.TS_NODE_PROJECT ??= path.join(root, "tsconfig.json");
registerTypeScript();
const script = path.resolve(root, entry);
process.argv = [process.argv[0], script, ...args];
require(script);
