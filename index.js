// Entry point of the package that PulumiPlugin.yaml declares. Pulumi's host loads this folder with a compiler that checks types, by the
// tsconfig.json of the folder where the user's program runs. Here the sources are compiled by their own tsconfig.json instead, whose types
// the tests check.
"use strict";
const fs = require("node:fs");
const path = require("node:path");

const compiler = require("ts-node").create({ project: path.join(__dirname, "infra", "tsconfig.json") });
require.extensions[".ts"] = (module, file) =>
    module._compile(compiler.compile(fs.readFileSync(file, "utf8"), file), file);
require("./infra/plugin/main.ts");
