import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { withLock } from "../../../../local/world/toolchain/lock";
import { makeTemporaryFolder } from "./temporaryFolder";

const nobody = () => assert.fail("nobody else should hold the lock");

describe("withLock", () => {
    let folder: string;
    beforeEach(async () => (folder = await makeTemporaryFolder()));
    afterEach(() => fs.rm(folder, { recursive: true }));

    it("lets actions for one folder run one after the other", async () => {
        const events: string[] = [];
        const action = (name: string) => async () => {
            events.push(`${name} begins`);
            await new Promise((resolve) => setImmediate(resolve));
            events.push(`${name} ends`);
        };
        const holders: number[] = [];
        await Promise.all([
            withLock(folder, nobody, undefined, action("first")),
            withLock(folder, (holder) => holders.push(holder), undefined, action("second")),
        ]);
        // Whichever came first was done before the other began.
        const [first, second] = events[0] === "first begins" ? ["first", "second"] : ["second", "first"];
        assert.deepEqual(events, [`${first} begins`, `${first} ends`, `${second} begins`, `${second} ends`]);
        assert.ok(holders.every((holder) => holder === process.pid));
    });

    it("keeps different folders apart", async () => {
        const other = path.join(folder, "other");
        await fs.mkdir(other);
        const result = await withLock(folder, nobody, undefined, () =>
            withLock(other, nobody, undefined, () => Promise.resolve("both")),
        );
        assert.equal(result, "both");
    });

    it("is free again after a failure", async () => {
        const failure = new Error("failed");
        await assert.rejects(
            withLock(folder, nobody, undefined, () => Promise.reject(failure)),
            failure,
        );
        assert.equal(await withLock(folder, nobody, undefined, () => Promise.resolve("free")), "free");
    });

    it("stops waiting when aborted", async () => {
        const controller = new AbortController();
        await withLock(folder, nobody, undefined, async () => {
            const waiting = withLock(
                folder,
                () => controller.abort(new Error("cancelled")),
                controller.signal,
                () => assert.fail("the lock was taken"),
            );
            await assert.rejects(waiting, { message: "cancelled" });
        });
    });

    it("is free again when its holder was killed", async () => {
        // GIVEN another process that holds the lock and would never give it back
        const module = path.resolve(__dirname, "../../../../local/world/toolchain/lock");
        const script = `
            require("ts-node").register();
            const { withLock } = require(${JSON.stringify(module)});
            const forever = () => new Promise(() => setInterval(() => {}, 1000));
            withLock(${JSON.stringify(folder)}, () => {}, undefined, () => { console.log("held"); return forever(); });`;
        const holder = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
        try {
            await once(holder.stdout, "data");
            // WHEN a second one waits and the first is killed
            const waiting = withLock(
                folder,
                (pid) => {
                    assert.equal(pid, holder.pid);
                    holder.kill("SIGKILL");
                },
                undefined,
                () => Promise.resolve("taken over"),
            );
            // THEN the second gets it
            assert.equal(await waiting, "taken over");
        } finally {
            holder.kill("SIGKILL");
        }
    }).timeout(20_000);
});
