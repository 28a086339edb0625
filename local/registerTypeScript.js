// Loads TypeScript as ts-node translates it, for `node --require` and `mocha --require`, too. The translation of each content is kept,
// since loading the compiler and translating takes most of the time of a short command.
"use strict";
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");

const root = path.resolve(__dirname, "..");
process.env.TS_NODE_PROJECT ??= path.join(root, "tsconfig.json");
const cache = path.join(root, "node_modules", ".cache", "cached-image-pipeline");
const read = (name) => fs.readFileSync(path.join(root, name), "utf8");
const versions = ["typescript", "ts-node"].map((name) => JSON.parse(read(`node_modules/${name}/package.json`)).version);
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
