import assert from "node:assert/strict";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { ExecutableVersions } from "../../../../local/world/toolchain/executableVersions";
import { makeTemporaryFolder, writeScript } from "./temporaryFolder";

describe("ExecutableVersions", () => {
    let folder: string;
    let tool: string;
    let memory: string;
    const runs = async () => (await fs.readFile(path.join(folder, "runs"), "utf8").catch(() => "")).length;
    const writeTool = (version: string) => writeScript(tool, `printf x >> ${folder}/runs`, `echo ${version}`);
    const ask = async () => {
        const versions = await ExecutableVersions.open(memory);
        const version = await versions.versionOf(tool, [tool]);
        await versions.save();
        return version;
    };

    beforeEach(async () => {
        folder = await makeTemporaryFolder();
        tool = path.join(folder, "tool");
        memory = path.join(folder, "versions.json");
    });
    afterEach(() => fs.rm(folder, { recursive: true }));

    it("runs an unchanged executable once only, also in later runs of this program", async () => {
        await writeTool("v1.2.3");
        assert.deepEqual([await ask(), await ask(), await runs()], ["1.2.3", "1.2.3", 1]);
    });

    it("runs a changed one again", async () => {
        await writeTool("v1.2.3");
        await ask();
        await writeTool("v10.2.3");
        assert.deepEqual([await ask(), await runs()], ["10.2.3", 2]);
    });

    it("has no version for a truncated one", async () => {
        await writeTool("v1.2.3");
        await ask();
        await fs.truncate(tool, 14);
        assert.equal(await ask(), undefined);
    });

    it("has no version for one that is missing", async () => assert.equal(await ask(), undefined));

    it("starts anew when its memory is damaged", async () => {
        await writeTool("v1.2.3");
        await fs.writeFile(memory, '{"x": ');
        assert.equal(await ask(), "1.2.3");
    });

    it("passes an abort on", async () => {
        await writeTool("v1.2.3");
        const versions = await ExecutableVersions.open(memory);
        await assert.rejects(versions.versionOf(tool, [tool], AbortSignal.abort(new Error("cancelled"))), {
            message: "cancelled",
        });
    });
});
