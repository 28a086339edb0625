import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { removeStaleLocks } from "../../../local/stack/staleLocks";

describe("the locks of a state", () => {
    let state: string;
    let folder: string;

    beforeEach(async () => {
        state = await fs.mkdtemp(path.join(tmpdir(), "locks-"));
        folder = path.join(state, ".pulumi/locks/organization/project/local");
        await fs.mkdir(folder, { recursive: true });
    });
    afterEach(() => fs.rm(state, { recursive: true }));

    it("are removed when their process is gone or they are half written, and else left alone", async () => {
        const { pid: ended } = spawnSync(process.execPath, ["--version"]);
        await fs.writeFile(path.join(folder, "ended.json"), JSON.stringify({ pid: ended }));
        await fs.writeFile(path.join(folder, "living.json"), JSON.stringify({ pid: process.pid }));
        await fs.writeFile(path.join(folder, "torn.json"), '{"pid":');
        await removeStaleLocks(state);
        assert.deepEqual(await fs.readdir(folder), ["living.json"]);
    });

    it("are no matter when there never was one", async () => {
        await fs.rm(path.join(state, ".pulumi"), { recursive: true });
        await removeStaleLocks(state);
    });
});
