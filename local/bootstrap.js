// Runs a TypeScript entry of this repository, also right after `git clone`: node local/bootstrap.js <entry.ts> [arguments].
// Only Node's own modules may be used up to the point where `npm ci` has run.
"use strict";
const { spawnSync } = require("node:child_process");
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

const version = process.versions.node.split(".").map(Number);
if (!supportedNode(version)) {
    fail(`Node ${process.versions.node} is not supported; install Node 20.19 or later, or 22.12 or later.`);
}
const [entry, ...args] = process.argv.slice(2);
if (entry === undefined) fail("usage: node local/bootstrap.js <entry.ts> [arguments]");
if (!dependenciesAreInstalled()) installDependencies();

// The pinned version runs on every supported Node; the warning is about later ones.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
require("./typescript");
const script = path.resolve(root, entry);
process.argv = [process.argv[0], script, ...args];
require(script);
