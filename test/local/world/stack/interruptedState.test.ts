import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { recoverInterruptedState } from "../../../../local/world/stack/interruptedState";

describe("a state whose engine was killed", () => {
    let state: string;

    beforeEach(async () => (state = await fs.mkdtemp(path.join(tmpdir(), "state-"))));
    afterEach(() => fs.rm(state, { recursive: true }));

    async function write(folder: string, files: Record<string, string>): Promise<string> {
        const location = path.join(state, ".pulumi", folder, "project");
        await fs.mkdir(location, { recursive: true });
        for (const [name, text] of Object.entries(files)) await fs.writeFile(path.join(location, name), text);
        return location;
    }

    it("loses the locks of processes that are gone and those half written, and keeps the others", async () => {
        const { pid: ended } = spawnSync(process.execPath, ["--version"]);
        const locks = await write("locks", {
            "ended.json": JSON.stringify({ pid: ended }),
            "living.json": JSON.stringify({ pid: process.pid }),
            "torn.json": '{"pid":',
        });
        await recoverInterruptedState(state);
        assert.deepEqual(await fs.readdir(locks), ["living.json"]);
    });

    it("loses half-written descriptions of files, and keeps whole ones and every state", async () => {
        const stacks = await write("stacks", {
            "a.json": "{}",
            "a.json.attrs": "",
            "b.json": "{}",
            "b.json.attrs": '{"user.content_type":"text/plain"}',
            "b.json.bak": "",
        });
        await recoverInterruptedState(state);
        assert.deepEqual((await fs.readdir(stacks)).sort(), ["a.json", "b.json", "b.json.attrs", "b.json.bak"]);
    });

    it("may be a state that never was", async () => {
        await recoverInterruptedState(path.join(state, "nowhere"));
    });
});
