import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { bareRepository, linkOutOfSource } from "../../../infra/plan/sourceFolders";
import { temporaryFolder, writeTree } from "../temporaryFolder";

describe("bareRepository", () => {
    const folder = temporaryFolder();
    const bare = { HEAD: "ref: refs/heads/main\n", config: "", "objects/": "", "refs/": "" };
    const below = (name: string, files: Record<string, string>) =>
        Object.fromEntries(Object.entries(files).map(([file, content]) => [`${name}/${file}`, content]));

    const table: [what: string, files: Record<string, string>, found: string | undefined][] = [
        ["the context", below("a/app", bare), "a/app"],
        ["the context, with objects elsewhere", below("a/app", { HEAD: "x", commondir: "../b" }), "a/app"],
        [
            "the context, by links",
            { "store/": "", "a/app/HEAD": "-> refs/heads/main", "a/app/objects": "-> ../../store" },
            "a/app",
        ],
        ["a folder above it", below("a", bare), "a"],
        ["the source's root", bare, ""],
        ["no folder above the one with .git", { ...bare, "a/.git/": "" }, undefined],
        ["no folder that is a work tree too", { ...below("a/app", bare), "a/app/.git": "gitdir: ../x" }, undefined],
        ["no folder beside the context", below("a/other", bare), undefined],
        ["no folder below the context", below("a/app/inner", bare), undefined],
        ["no folder with a file HEAD only", { "a/app/HEAD": "x" }, undefined],
        ["no folder with objects only", { "a/app/objects/x": "x" }, undefined],
    ];
    for (const [what, files, found] of table) {
        it(`finds ${what}`, () => {
            const source = fs.realpathSync(folder.path);
            writeTree(source, { "a/app/file": "1", ...files });
            const expected = found === undefined ? undefined : path.join(source, found);
            assert.equal(bareRepository(path.join(source, "a/app")), expected);
        });
    }

    it("finds the one that a linked context leads into", () => {
        const source = fs.realpathSync(folder.path);
        writeTree(source, { ...below("hidden", bare), "hidden/inner/file": "1", app: "-> hidden/inner" });
        assert.equal(bareRepository(path.join(source, "app")), path.join(source, "hidden"));
    });
});

describe("linkOutOfSource", () => {
    const folder = temporaryFolder();
    const outside = "-> ../../outside";
    const table: [what: string, files: Record<string, string>, found: string | undefined][] = [
        ["a context", { app: "-> ../outside" }, "app"],
        ["a folder above the context", { services: "-> ../outside" }, "services/app"],
        ["a Dockerfile", { "app/Dockerfile": `${outside}/Dockerfile` }, "app/Dockerfile"],
        ["nothing of links inside", { other: "-> app", "app/real": "", "app/Dockerfile": "-> real" }, undefined],
        [
            "nothing below the context, which is copied as a link",
            { "app/Dockerfile": "", "app/x": "-> /etc" },
            undefined,
        ],
    ];
    for (const [what, files, found] of table) {
        it(`finds ${what}`, () => {
            const source = path.join(fs.realpathSync(folder.path), "source");
            writeTree(path.join(source, "../outside"), {
                Dockerfile: "",
                ".dockerignore": "*\n",
                "app/Dockerfile": "",
            });
            writeTree(source, files);
            const context = path.join(source, "services" in files ? "services/app" : "app");
            const expected = found === undefined ? undefined : path.join(source, found);
            assert.equal(linkOutOfSource(source, context, path.join(context, "Dockerfile")), expected);
        });
    }

    it("follows links to the source itself", () => {
        const source = writeTree(path.join(folder.path, "source"), { "app/Dockerfile": "" });
        fs.symlinkSync(source, path.join(folder.path, "link"));
        const context = path.join(folder.path, "link/app");
        assert.equal(linkOutOfSource(path.join(folder.path, "link"), context, `${context}/Dockerfile`), undefined);
    });

    it("leaves alone what is written outside the source: settings may say so", () => {
        const source = writeTree(path.join(folder.path, "source"), { "other/Dockerfile": "" });
        const context = writeTree(path.join(folder.path, "context"), { Dockerfile: "" });
        assert.equal(linkOutOfSource(source, context, path.join(context, "Dockerfile")), undefined);
    });
});
