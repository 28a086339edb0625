import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as net from "node:net";
import * as path from "node:path";
import { contextEntries } from "../../../infra/plan/buildContext";
import { temporaryFolder, writeTree } from "../temporaryFolder";

/** Lists the paths of the entries of a context with these files; the Dockerfile lies outside unless it is one of them. */
function listed(folder: string, files: Record<string, string>, dockerfile = "../Dockerfile"): string[] {
    const context = writeTree(path.join(folder, "context"), files);
    return contextEntries(context, path.join(context, dockerfile)).map((entry) => entry.path);
}

describe("contextEntries", () => {
    const folder = temporaryFolder();

    it("lists files, executables, directories and links, ordered by the bytes of their paths", () => {
        const context = writeTree(folder.path, {
            "b/file": "x",
            "a.txt": "x",
            "B/run.sh": "x",
            "empty/": "",
            link: "-> b/file",
            dangling: "-> nowhere",
            linked: "-> b",
            é: "x",
        });
        fs.chmodSync(path.join(context, "B/run.sh"), 0o755);

        const at = (name: string) => ({ path: name, location: path.join(context, name) });
        assert.deepEqual(contextEntries(context, "/nowhere/Dockerfile"), [
            { ...at("B"), kind: "directory" },
            { ...at("B/run.sh"), kind: "executable" },
            { ...at("a.txt"), kind: "file" },
            { ...at("b"), kind: "directory" },
            { ...at("b/file"), kind: "file" },
            { ...at("dangling"), kind: "link", target: "nowhere" },
            { ...at("empty"), kind: "directory" },
            { ...at("link"), kind: "link", target: "b/file" },
            { ...at("linked"), kind: "link", target: "b" },
            { ...at("é"), kind: "file" },
        ]);
    });

    it("lists sockets and pipes, which BuildKit is sent too", async () => {
        const context = writeTree(folder.path, {});
        execFileSync("mkfifo", [path.join(context, "pipe")]);
        const server = net.createServer();
        await new Promise<void>((resolve) => server.listen(path.join(context, "socket"), resolve));
        try {
            assert.deepEqual(
                contextEntries(context, "/nowhere/Dockerfile").map(({ path, kind, device }) => ({
                    path,
                    kind,
                    device,
                })),
                [
                    { path: "pipe", kind: "special", device: `${fs.constants.S_IFIFO}:0` },
                    { path: "socket", kind: "special", device: `${fs.constants.S_IFSOCK}:0` },
                ],
            );
        } finally {
            await new Promise((resolve) => server.close(resolve));
        }
    });

    it("says which files are one, and which bits are set besides the permissions", () => {
        const context = writeTree(folder.path, { b: "x", "c/": "", d: "x" });
        fs.linkSync(path.join(context, "b"), path.join(context, "a"));
        fs.linkSync(path.join(context, "b"), path.join(context, "c/e"));
        fs.chmodSync(path.join(context, "c"), 0o3755);
        fs.chmodSync(path.join(context, "d"), 0o4755);
        assert.deepEqual(
            contextEntries(context, "/nowhere/Dockerfile").map(({ path, kind, sameFileAs, specialBits }) => [
                path,
                kind,
                sameFileAs,
                specialBits,
            ]),
            [
                ["a", "file", undefined, undefined],
                ["b", "file", "a", undefined],
                ["c", "directory", undefined, 0o3000],
                ["c/e", "file", "a", undefined],
                ["d", "executable", undefined, 0o4000],
            ],
        );
    });

    it("takes the ignore file of the Dockerfile instead of the context's, also an empty one", () => {
        const ignored = { ".dockerignore": "docs", "docs/a.md": "", "src/a.go": "" };
        const kept = ["Dockerfile", "Dockerfile.dockerignore", ".dockerignore"];
        assert.deepEqual(
            listed(folder.path, { ...ignored, Dockerfile: "", "Dockerfile.dockerignore": "src" }, "Dockerfile"),
            [...kept.slice(2), ...kept.slice(0, 2), "docs", "docs/a.md"],
        );
        fs.writeFileSync(path.join(folder.path, "context/Dockerfile.dockerignore"), "");
        assert.deepEqual(listed(folder.path, {}, "Dockerfile").slice(3), ["docs", "docs/a.md", "src", "src/a.go"]);
    });

    it("refuses an ignore file that is a symbolic link, which BuildKit follows inside its folder", () => {
        for (const [name, dockerfile] of [
            [".dockerignore", "Other"],
            ["Dockerfile.dockerignore", "Dockerfile"],
        ] as const) {
            for (const target of ["../ignore", "nowhere"]) {
                fs.rmSync(path.join(folder.path, "context"), { recursive: true, force: true });
                writeTree(folder.path, { ignore: "docs" });
                const location = path.join(folder.path, "context", name);
                assert.throws(
                    () => listed(folder.path, { [name]: `-> ${target}` }, dockerfile),
                    new Error(
                        `${location} is no regular file, so BuildKit may read another one; put a copy of the file there.`,
                    ),
                );
            }
        }
    });

    it("refuses bytes that are not UTF-8, in an ignore file and in a name", () => {
        const context = writeTree(folder.path, { ".dockerignore": Buffer.from("docs\xff", "latin1") });
        const list = () => contextEntries(context, "/nowhere/Dockerfile");
        const file = path.join(context, ".dockerignore");
        assert.throws(list, new Error(`The ignore file ${file} is not UTF-8; save it as UTF-8.`));
        fs.writeFileSync(file, "docs\n!docs/a\n");
        writeTree(context, { "docs/a": "" });
        const name = Buffer.concat([Buffer.from(`${context}/docs/`), Buffer.from([0x61, 0xff])]);
        fs.writeFileSync(name, "");
        assert.throws(
            list,
            new Error(
                `The name docs/a\uFFFD in ${context} is not UTF-8; rename it, or exclude the folder that holds it.`,
            ),
        );
        fs.writeFileSync(file, "docs\n");
        assert.deepEqual(
            list().map((entry) => entry.path),
            [".dockerignore"],
        );
    });
});
