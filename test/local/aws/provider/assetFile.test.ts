import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { assetFile } from "../../../../local/aws/provider/assetFile";
import { makeTemporaryFolder } from "../../world/toolchain/temporaryFolder";

describe("the file of an asset", () => {
    let folder: string;
    before(async () => {
        folder = await makeTemporaryFolder();
        fs.mkdirSync(path.join(folder, "program"));
        fs.writeFileSync(path.join(folder, "program", "page.html"), "page");
        fs.writeFileSync(path.join(folder, "page.html"), "page");
        fs.symlinkSync("/etc/passwd", path.join(folder, "program", "link"));
        fs.mkdirSync(path.join(folder, "program-of-another"));
        fs.writeFileSync(path.join(folder, "program-of-another", "page.html"), "page");
    });
    after(() => fs.rmSync(folder, { recursive: true }));

    it("may lie below the folders", () => {
        const file = path.join(folder, "program", "page.html");
        assert.equal(assetFile(file, [path.join(folder, "none"), path.join(folder, "program")]), file);
    });

    for (const name of ["/etc/shadow", "program/../page.html", "program/link", "program-of-another/page.html"]) {
        it(`may not lie elsewhere: ${name}`, () => {
            const file = path.resolve(folder, name);
            const allowed = path.join(folder, "program");
            assert.throws(() => assetFile(file, [allowed]), {
                message: `The local aws provider reads files below ${allowed} only, not ${file}.`,
            });
        });
    }
});
