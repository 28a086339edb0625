import assert from "node:assert/strict";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { projectRoot } from "../../../../local/paths";
import { ensureToolchain } from "../../../../local/world/toolchain";
import { pinsDirectory } from "../../../../local/world/toolchain/context";
import { makeTemporaryFolder } from "./temporaryFolder";

describe("the first start of a person", function () {
    // The compiler's own cache makes this less than a minute where the tools were compiled before.
    this.timeout(1_800_000);
    let folder: string;

    before(async () => (folder = await makeTemporaryFolder()));
    after(() => fs.rm(folder, { recursive: true }));

    it("makes every real tool in an empty folder, and finds all of them afterwards", async () => {
        // GIVEN no tool, and no record of versions
        assert.equal(process.cwd(), projectRoot);
        const folders = {
            toolsDirectory: path.join(folder, "tools"),
            storeDirectory: path.join(folder, "store"),
            pinsDirectory,
        };
        // WHEN the tools are asked for
        const toolchain = await ensureToolchain((line) => console.log(`      ${line}`), undefined, folders);
        // THEN each path leads to a file or a folder
        for (const found of Object.values<string>({ ...toolchain })) await fs.access(found);
        // AND the next start makes nothing
        const reports: string[] = [];
        assert.deepEqual(await ensureToolchain((line) => reports.push(line), undefined, folders), toolchain);
        assert.deepEqual(reports, []);
    });
});
