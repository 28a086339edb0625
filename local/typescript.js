// Lets `require` load the TypeScript files of this repository. What TypeScript made of a file is kept below node_modules/.cache, by a hash
// of all that decides it, so that TypeScript itself, half a second and a few milliseconds a file, is loaded for changed files only.
"use strict";
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const { enableCompileCache } = require("node:module");
const path = require("node:path");

const root = path.resolve(__dirname, "..");
const project = path.join(root, "tsconfig.json");
const cache = path.join(root, "node_modules", ".cache");
const folder = path.join(cache, "typescript");
// What V8 made of modules, those of node_modules included; from Node 22.8 on.
enableCompileCache?.(path.join(cache, "v8"));

const digest = (...parts) => createHash("sha256").update(parts.join("\0")).digest("hex");

/** What decides about the JavaScript besides the file itself. */
const compiler = digest(
    ...["ts-node", "typescript"].map((name) => require(`${name}/package.json`).version),
    fs.readFileSync(project, "utf8"),
    fs.readFileSync(__filename, "utf8"),
);

let tsNode;

function compile(source, file) {
    tsNode ??= require("ts-node").create({ transpileOnly: true, project });
    return tsNode.compile(source, file);
}

/** A kept file begins with the hash of what it was made from, and has one place for each source, so that old ones do not gather. */
function javaScript(source, file) {
    const kept = path.join(folder, `${digest(file)}.js`);
    const header = `// ${digest(compiler, file, source)}\n`;
    const text = read(kept);
    if (text?.startsWith(header)) return text;
    const made = header + compile(source, file);
    keep(kept, made);
    return made;
}

function read(file) {
    try {
        return fs.readFileSync(file, "utf8");
    } catch (error) {
        if (error.code === "ENOENT") return undefined;
        throw error;
    }
}

/** Other processes may read and write the same file. */
function keep(file, text) {
    const own = `${file}.${process.pid}`;
    try {
        fs.mkdirSync(folder, { recursive: true });
        fs.writeFileSync(own, text);
        fs.renameSync(own, file);
    } catch (error) {
        // Others' packages can be used without being written to.
        if (!["EACCES", "EROFS"].includes(error.code)) throw error;
    }
}

require.extensions[".ts"] = (module, file) => module._compile(javaScript(fs.readFileSync(file, "utf8"), file), file);
//process.setSourceMapsEnabled(true);
