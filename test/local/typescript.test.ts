import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { projectRoot } from "../../local/paths";
import { makeTemporaryFolder } from "./toolchain/temporaryFolder";

describe("how commands load TypeScript", function () {
    this.timeout(60_000);
    let folder: string;
    let file: string;

    beforeEach(async () => {
        // The packages of this repository, with a cache of its own.
        folder = await makeTemporaryFolder();
        for (const name of ["local", "node_modules"]) fs.mkdirSync(path.join(folder, name));
        for (const name of ["local/typescript.js", "tsconfig.json"]) {
            fs.copyFileSync(path.join(projectRoot, name), path.join(folder, name));
        }
        for (const name of fs.readdirSync(path.join(projectRoot, "node_modules"))) {
            if (name === ".cache") continue;
            fs.symlinkSync(path.join(projectRoot, "node_modules", name), path.join(folder, "node_modules", name));
        }
        file = path.join(folder, "program.ts");
    });
    afterEach(() => fs.rmSync(folder, { recursive: true }));

    /** Runs a program that may print `usesCompiler`: whether TypeScript itself was loaded. */
    const run = (program: string): string => {
        const usesCompiler =
            'const usesCompiler: boolean = Object.keys(require.cache).some((name) => name.endsWith("/lib/typescript.js"));';
        fs.writeFileSync(file, `${usesCompiler}\n${program}`);
        return execFileSync(process.execPath, ["-r", path.join(folder, "local/typescript.js"), file], {
            encoding: "utf8",
            stdio: ["ignore", "pipe", "pipe"],
        });
    };
    const kept = () => fs.readdirSync(path.join(folder, "node_modules/.cache/typescript"));

    it("compiles a file once, and again when it has changed", () => {
        assert.equal(run("console.log(1 as number, usesCompiler);"), "1 true\n");
        assert.equal(run("console.log(1 as number, usesCompiler);"), "1 false\n");
        assert.equal(run("console.log(2 as number, usesCompiler);"), "2 true\n");
        assert.equal(run("console.log(1 as number, usesCompiler);"), "1 true\n");
        // One kept file for each source: old ones do not gather.
        assert.equal(kept().length, 1);
    });

    it("compiles again with other options", () => {
        run("console.log(usesCompiler);");
        fs.appendFileSync(path.join(folder, "tsconfig.json"), "\n// changed\n");
        assert.equal(run("console.log(usesCompiler);"), "true\n");
    });

    it("compiles again what was kept by half", () => {
        run("console.log(usesCompiler);");
        const [name = ""] = kept();
        const text = fs.readFileSync(path.join(folder, "node_modules/.cache/typescript", name), "utf8");
        fs.writeFileSync(path.join(folder, "node_modules/.cache/typescript", name), text.slice(0, 40));
        assert.equal(run("console.log(usesCompiler);"), "true\n");
    });

    it("names the lines of the source in stacks, from the compiler as from the cache", () => {
        const program = "interface Removed {\n    a: string;\n}\nconsole.log(new Error().stack);";
        for (let times = 0; times < 2; times++) assert.match(run(program), /program\.ts:5:13\)/);
    });
});
