import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { artifactFiles, artifactKey } from "../../../../local/aws/codebuild/artifacts";
import { globExpression } from "../../../../local/aws/codebuild/glob";
import { zipArchive } from "../../../../local/aws/codebuild/zip";
import { makeTemporaryFolder } from "../../world/toolchain/temporaryFolder";

describe("codebuild: artifacts", () => {
    const globs: [pattern: string, matches: string[], others: string[]][] = [
        ["a.txt", ["a.txt"], ["b/a.txt", "axtxt"]],
        ["./a.txt", ["a.txt"], []],
        ["*", ["a", ".a"], ["a/b"]],
        ["**/*", ["a", "a/b", "a/b/c"], []],
        ["a/**/*", ["a/b", "a/b/c"], ["a", "b/a"]],
        ["a/**", ["a/b", "a/b/c"], ["b/a"]],
        ["**/*.xml", ["a.xml", "a/b.xml"], ["a.xmlx"]],
        ["a?c.[ch]", ["abc.c", "abc.h"], ["abc.o", "a/c.c"]],
        ["[!a]*", ["b"], ["a"]],
        ["a+(b)", ["a+(b)"], ["aab"]],
    ];
    for (const [pattern, matches, others] of globs) {
        it(`${pattern} matches what it should`, () => {
            const matching = [...matches, ...others].filter((file) => globExpression(pattern).test(file));
            assert.deepEqual(matching, matches);
        });
    }

    const keys: [target: object, options: { name: string; s3Prefix?: string }, key: string][] = [
        [{}, { name: "app.zip" }, "app.zip"],
        [{ path: "/out/" }, { name: "app.zip" }, "out/app.zip"],
        [{ path: "out", namespaceType: "BUILD_ID" }, { name: "app.zip" }, "out/uuid/app.zip"],
        [{ namespaceType: "BUILD_ID" }, { name: "/" }, "uuid"],
        [{ path: "out" }, { name: "app", s3Prefix: "first" }, "first/out/app"],
    ];
    for (const [target, options, key] of keys) {
        it(`${JSON.stringify({ ...target, ...options })} go to ${key}`, () => {
            assert.equal(artifactKey({ type: "S3", ...target }, { uuid: "uuid", ...options }), key);
        });
    }

    describe("files", () => {
        let folder: string;
        before(async () => {
            folder = await makeTemporaryFolder();
            for (const file of ["dist/a.js", "dist/a.js.map", "dist/deep/b.js", "build-1/c", "build-2/d", "top"]) {
                fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
                fs.writeFileSync(path.join(folder, file), file);
            }
            fs.symlinkSync("a.js", path.join(folder, "dist/link.js"));
            fs.symlinkSync("..", path.join(folder, "dist/circle"));
        });
        after(() => fs.rmSync(folder, { recursive: true }));

        const spec = { excludePaths: [], discardPaths: false };
        const cases: [what: string, spec: object, names: string[]][] = [
            [
                "below the base directory",
                { files: ["**/*"], baseDirectory: "dist" },
                ["a.js", "a.js.map", "deep/b.js", "link.js"],
            ],
            ["without those excluded", { files: ["dist/*"], excludePaths: ["**/*.map", "**/link*"] }, ["dist/a.js"]],
            ["without their folders", { files: ["**/*.js"], discardPaths: true }, ["a.js", "b.js", "link.js"]],
            ["of all base directories that match", { files: ["*"], baseDirectory: "build-*" }, ["c", "d"]],
        ];
        for (const [what, given, names] of cases) {
            it(`are found ${what}`, async () => {
                const found = await artifactFiles(folder, { files: [], ...spec, ...given });
                assert.deepEqual(
                    found.map(({ name }) => name),
                    names,
                );
            });
        }

        it("must be there", async () => {
            await assert.rejects(artifactFiles(folder, { ...spec, files: ["none/*"] }), {
                message: "no matching artifact paths found: none/*",
            });
            await assert.rejects(artifactFiles(folder, { ...spec, files: ["*"], baseDirectory: "none" }), {
                message: "no matching base directory path found for none",
            });
        });

        it("are packed so that other programs can read them", () => {
            const archive = path.join(folder, "a.zip");
            const content = Buffer.from("content ".repeat(1000));
            fs.writeFileSync(
                archive,
                zipArchive([
                    { name: "run ü.sh", content, mode: 0o755 },
                    { name: "empty", content: Buffer.alloc(0), mode: 0o644 },
                ]),
            );
            const script = `import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as z:
    assert z.testzip() is None
    print(json.dumps([[i.filename, i.file_size, oct(i.external_attr >> 16)] for i in z.infolist()]))`;
            const listed = execFileSync("python3", ["-c", script, archive], { encoding: "utf8" });
            assert.deepEqual(JSON.parse(listed), [
                ["run ü.sh", content.length, "0o100755"],
                ["empty", 0, "0o100644"],
            ]);
        });
    });
});
