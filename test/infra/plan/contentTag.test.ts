import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import fc from "fast-check";
import { Compression } from "../../../infra/plan/compression";
import { contentTag, type ImageSource } from "../../../infra/plan/contentTag";
import { temporaryFolder, writeTree } from "../temporaryFolder";

describe("contentTag", () => {
    const folder = temporaryFolder();
    const dockerfile = "FROM scratch\nCOPY . /\n";
    const files = {
        Dockerfile: dockerfile,
        "main.go": "package main",
        "run.sh": "#!/bin/sh",
        link: "-> main.go",
        "lib/": "",
    };

    function source(name: string, tree: Record<string, string | Buffer> = files): ImageSource {
        const context = writeTree(path.join(folder.path, name), tree);
        return {
            context,
            dockerfile: path.join(context, "Dockerfile"),
            buildArgs: { VERSION: "1", BASE: "x" },
            platforms: ["linux/amd64", "linux/arm64"],
            rebuildKey: "",
            compression: "gzip",
        };
    }

    it("is src- and 40 hexadecimal digits", () => {
        assert.match(contentTag(source("a")), /^src-[0-9a-f]{40}$/);
    });

    it("stays what it is for this version of the hash", () => {
        // A change here makes every image build again: raise `hashVersion` when the meaning changes.
        assert.equal(contentTag(source("a")), "src-e4ed6555f71b508f99cc820fde5f9f719d595d64");
    });

    const same: [string, (one: ImageSource) => void | Partial<ImageSource>][] = [
        ["times of files", ({ context }) => fs.utimesSync(path.join(context, "main.go"), 1, 1)],
        ["a strict umask", ({ context }) => fs.chmodSync(path.join(context, "main.go"), 0o600)],
        ["a lax umask", ({ context }) => fs.chmodSync(path.join(context, "main.go"), 0o666)],
        ["the umask of a directory", ({ context }) => fs.chmodSync(path.join(context, "lib"), 0o700)],
        ["the order of arguments", () => ({ buildArgs: { BASE: "x", VERSION: "1" } })],
        ["the order of platforms", () => ({ platforms: ["linux/arm64", "linux/amd64"] })],
        ["a stage that is not named", () => ({ target: undefined })],
    ];
    for (const [what, change] of same) {
        it(`stays the same for ${what}`, () => {
            const changed = source("b");
            assert.equal(contentTag({ ...changed, ...change(changed) }), contentTag(source("a")));
        });
    }

    it("stays the same when files are created in another order", () => {
        const reversed = Object.fromEntries(Object.entries(files).reverse());
        assert.equal(contentTag(source("b", reversed)), contentTag(source("a")));
    });

    it("stays the same for an executable under any umask", () => {
        const tags = [0o700, 0o755, 0o775].map((mode) => {
            const one = source(`mode-${mode}`);
            fs.chmodSync(path.join(one.context, "run.sh"), mode);
            return contentTag(one);
        });
        assert.equal(new Set(tags).size, 1);
    });

    it("stays the same for what the ignore file leaves out", () => {
        const ignoring = { ...files, ".dockerignore": "docs\n*.log" };
        const withDocs = { ...ignoring, "docs/a.md": "text", "x.log": "text" };
        assert.equal(contentTag(source("b", withDocs)), contentTag(source("a", ignoring)));
    });

    const different: [string, (one: ImageSource) => void | Partial<ImageSource>][] = [
        ["the content of a file", ({ context }) => fs.writeFileSync(path.join(context, "main.go"), "package mair")],
        ["line endings", ({ context }) => fs.writeFileSync(path.join(context, "run.sh"), "#!/bin/sh\r\n")],
        ["the name of a file", ({ context }) => rename(context, "main.go", "main2.go")],
        ["upper and lower case of a name", ({ context }) => rename(context, "main.go", "Main.go")],
        ["the folder of a file", ({ context }) => rename(context, "main.go", "lib/main.go")],
        ["an added file", ({ context }) => fs.writeFileSync(path.join(context, "added"), "")],
        ["a removed file", ({ context }) => fs.rmSync(path.join(context, "main.go"))],
        ["the executable bit", ({ context }) => fs.chmodSync(path.join(context, "run.sh"), 0o755)],
        ["the target of a link", ({ context }) => relink(context, "run.sh")],
        ["a link that leads nowhere", ({ context }) => relink(context, "nowhere")],
        ["a file in place of a link", ({ context }) => replaceLink(context)],
        ["a folder in place of a file", ({ context }) => replaceFile(context, (name) => fs.mkdirSync(name))],
        ["a pipe in place of a file", ({ context }) => replaceFile(context, (name) => execFileSync("mkfifo", [name]))],
        ["an added pipe", ({ context }) => void execFileSync("mkfifo", [path.join(context, "pipe")])],
        ["the setuid bit of a file", ({ context }) => fs.chmodSync(path.join(context, "main.go"), 0o4644)],
        ["the setgid bit of a folder", ({ context }) => fs.chmodSync(path.join(context, "lib"), 0o2755)],
        ["the sticky bit of a folder", ({ context }) => fs.chmodSync(path.join(context, "lib"), 0o1755)],
        ["a line break in a name", ({ context }) => rename(context, "main.go", "main\n.go")],
        ["an added empty folder", ({ context }) => fs.mkdirSync(path.join(context, "lib2"))],
        ["a removed empty folder", ({ context }) => fs.rmdirSync(path.join(context, "lib"))],
        ["a build argument's value", () => ({ buildArgs: { VERSION: "2", BASE: "x" } })],
        ["a build argument's name", () => ({ buildArgs: { VERSIO: "1", BASE: "x" } })],
        ["one build argument more", () => ({ buildArgs: { VERSION: "1", BASE: "x", MORE: "" } })],
        ["the stage", () => ({ target: "test" })],
        ["the platforms", () => ({ platforms: ["linux/amd64"] })],
        ["the rebuild key", () => ({ rebuildKey: "2026-11" })],
        ["the compression", () => ({ compression: "zstd" })],
    ];
    for (const [what, change] of different) {
        it(`changes with ${what}`, () => {
            const changed = source("b");
            assert.notEqual(contentTag({ ...changed, ...change(changed) }), contentTag(source("a")));
        });
    }

    it("changes with a hard link in place of a file of the same content", () => {
        const copied = contentTag(source("a", { ...files, "copy.go": files["main.go"] }));
        const linked = source("b");
        fs.linkSync(path.join(linked.context, "main.go"), path.join(linked.context, "copy.go"));
        assert.notEqual(contentTag(linked), copied);
    });

    it("changes with the last of 255 characters of a name", () => {
        const tree = (last: string) => ({ ...files, [`${"x".repeat(254)}${last}`]: "" });
        assert.notEqual(contentTag(source("b", tree("b"))), contentTag(source("a", tree("a"))));
    });

    it("changes with the rules of an ignore file that excludes itself", () => {
        const tag = (rule: string) =>
            contentTag(
                source(`rule-${rule}`, { ...files, ".dockerignore": `.dockerignore\n${rule}`, "docs/a.md": "text" }),
            );
        assert.notEqual(tag("docs"), tag("#docs"));
        assert.equal(tag("nothing"), tag("#"));
    });

    it("changes with a file that an exception behind a slash brings back", () => {
        const tree = (content: string) => ({ ...files, ".dockerignore": "*\n/!lib", "lib/a.go": content });
        assert.notEqual(contentTag(source("b", tree("2"))), contentTag(source("a", tree("1"))));
    });

    it("refuses a Dockerfile that is a symbolic link, which BuildKit follows inside its folder", () => {
        const one = source("a", { Dockerfile: "-> ../Dockerfile" });
        writeTree(folder.path, { Dockerfile: dockerfile });
        assert.throws(
            () => contentTag(one),
            new Error(
                `${one.dockerfile} is no regular file, so BuildKit may read another one; put a copy of the file there.`,
            ),
        );
    });

    it("changes with a Dockerfile outside the context, and with nothing else beside it", () => {
        const one = { ...source("a"), dockerfile: path.join(folder.path, "Dockerfile") };
        fs.writeFileSync(one.dockerfile, dockerfile);
        const before = contentTag(one);
        fs.writeFileSync(path.join(folder.path, "unrelated"), "x");
        assert.equal(contentTag(one), before);
        fs.writeFileSync(one.dockerfile, `${dockerfile}USER 1\n`);
        assert.notEqual(contentTag(one), before);
    });

    it("changes with the Dockerfile when the ignore file leaves it out of the context", () => {
        const ignoring = { ...files, ".dockerignore": "Dockerfile" };
        const changed = { ...ignoring, Dockerfile: `${dockerfile}USER 1\n` };
        assert.notEqual(contentTag(source("b", changed)), contentTag(source("a", ignoring)));
    });

    it("reads large files to the last byte", () => {
        const large = Buffer.alloc((1 << 20) * 2 + 1);
        const before = contentTag(source("a", { ...files, large }));
        for (const position of [0, 1 << 20, large.length - 1]) {
            const changed = Buffer.from(large);
            changed[position] = 1;
            assert.notEqual(contentTag(source(`at-${position}`, { ...files, large: changed })), before);
        }
        assert.equal(contentTag(source("c", { ...files, large })), before);
    });

    it("takes names in any script, and tells composed from decomposed ones", () => {
        const composed = contentTag(source("a", { ...files, é: "x", "日本/😀": "x" }));
        assert.match(composed, /^src-/);
        assert.notEqual(contentTag(source("b", { ...files, "e\u0301": "x", "日本/😀": "x" })), composed);
    });

    it("never gives two different sources one tag: no value can pass for another field", () => {
        const texts = fc.string({ unit: fc.constantFrom("a", ":", "1", "=", "\n"), maxLength: 4 });
        const varied = fc.record({
            buildArgs: fc.dictionary(texts, texts, { maxKeys: 3 }),
            target: texts,
            rebuildKey: texts,
            platforms: fc.uniqueArray(fc.constantFrom("linux/amd64", "linux/arm64"), { minLength: 1 }),
            compression: fc.constantFrom(...Object.values(Compression)),
        });
        const base = source("a");
        fc.assert(
            fc.property(varied, varied, (one, other) => {
                const areEqual = canonical(one) === canonical(other);
                assert.equal(contentTag({ ...base, ...one }) === contentTag({ ...base, ...other }), areEqual);
            }),
        );
    });

    it("never gives two different trees one tag", () => {
        const name = fc.constantFrom("a", "b", "a/b", "a/c", "aa");
        const tree = fc
            .dictionary(name, fc.constantFrom("", "a", "b", "-> a", "-> b"), { maxKeys: 3 })
            // A path is a file or a folder, not both.
            .filter((files) => !("a" in files) || !Object.keys(files).some((key) => key.startsWith("a/")));
        let count = 0;
        fc.assert(
            fc.property(tree, tree, (one, other) => {
                const make = (files: Record<string, string>) =>
                    contentTag(source(`tree-${count++}`, { Dockerfile: dockerfile, ...files }));
                assert.equal(make(one) === make(other), sorted(one) === sorted(other));
            }),
        );
    });
});

function rename(context: string, from: string, to: string): void {
    fs.renameSync(path.join(context, from), path.join(context, to));
}

function replaceFile(context: string, make: (location: string) => unknown): void {
    fs.rmSync(path.join(context, "main.go"));
    make(path.join(context, "main.go"));
}

function relink(context: string, target: string): void {
    fs.rmSync(path.join(context, "link"));
    fs.symlinkSync(target, path.join(context, "link"));
}

function replaceLink(context: string): void {
    fs.rmSync(path.join(context, "link"));
    fs.writeFileSync(path.join(context, "link"), "main.go");
}

function sorted(values: Record<string, string>): string {
    return JSON.stringify(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function canonical(one: Omit<ImageSource, "context" | "dockerfile">): string {
    const { buildArgs, target, rebuildKey, platforms, compression } = one;
    return JSON.stringify([sorted(buildArgs), target, rebuildKey, [...platforms].sort(), compression]);
}
