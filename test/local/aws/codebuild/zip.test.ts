import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { readZip, zipArchive } from "../../../../local/aws/codebuild/zip";
import { makeTemporaryFolder } from "../../world/toolchain/temporaryFolder";

describe("codebuild: ZIP archives", () => {
    let folder: string;
    before(async () => {
        folder = await makeTemporaryFolder();
    });
    after(() => fs.rmSync(folder, { recursive: true }));

    it("are read with the permissions that they were made with", () => {
        const entries = [
            { name: "app/run.sh", content: Buffer.from("#!/bin/sh\n"), mode: 0o755 },
            { name: "app/ü.txt", content: Buffer.alloc(0), mode: 0o640 },
        ];
        assert.deepEqual(readZip(zipArchive(entries)), entries);
    });

    /** Makes an archive by Python's zipfile. @param lines lines of a script that has the archive as `z` */
    function byPython(lines: string[]): Buffer {
        const file = path.join(folder, "python.zip");
        const script = ["import sys, zipfile", "z = zipfile.ZipFile(sys.argv[1], 'w')", ...lines, "z.close()"];
        execFileSync("python3", ["-c", script.join("\n"), file]);
        return fs.readFileSync(file);
    }

    it("of other programs are read, with folders, extra fields and comments", () => {
        const archive = byPython([
            "z.mkdir('a')",
            "one = zipfile.ZipInfo('a/one'); one.extra = b'\\xfe\\xca\\x02\\x00xx'; one.comment = b'a comment'",
            "one.external_attr = 0o100755 << 16; z.writestr(one, 'first')",
            "two = zipfile.ZipInfo('two'); two.create_system = 0; z.writestr(two, 'second')",
            "z.comment = b'the whole'",
        ]);
        assert.deepEqual(readZip(archive), [
            { name: "a/one", content: Buffer.from("first"), mode: 0o755 },
            { name: "two", content: Buffer.from("second"), mode: 0o644 },
        ]);
    });

    it("with a symbolic link are refused", () => {
        const archive = byPython([
            "i = zipfile.ZipInfo('link'); i.external_attr = 0o120777 << 16; z.writestr(i, '/etc')",
        ]);
        assert.throws(() => readZip(archive), /^Error: link is neither a file nor a folder$/);
    });

    it("that are none are refused", () => {
        for (const bytes of [Buffer.alloc(0), Buffer.alloc(100)]) {
            assert.throws(() => readZip(bytes), /^Error: it is no ZIP archive$/);
        }
    });
});
