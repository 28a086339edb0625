import assert from "node:assert/strict";
import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { openToolContext } from "../../../../local/world/toolchain/session";
import {
    ensureStored,
    linkTool,
    openStore,
    storeDirectory,
    type StoredTool,
} from "../../../../local/world/toolchain/store";
import { makeTemporaryFolder } from "./temporaryFolder";

describe("the folder of shared tools", () => {
    let folder: string;
    let made: number;
    const context = (clone = "clone") =>
        openToolContext(
            {
                toolsDirectory: path.join(folder, clone),
                storeDirectory: path.join(folder, "cache/tools"),
                pinsDirectory: folder,
            },
            () => undefined,
        );
    const tool = (changes: Partial<StoredTool> = {}): StoredTool => ({
        name: "tool",
        content: "v1",
        isUsable: async (content) => (await fs.readFile(path.join(content, "file"), "utf8").catch(() => "")) === "good",
        make: async (content) => {
            made += 1;
            assert.deepEqual(await fs.readdir(content), []);
            await fs.writeFile(path.join(content, "file"), "good");
        },
        ...changes,
    });

    beforeEach(async () => {
        folder = await makeTemporaryFolder();
        made = 0;
    });
    afterEach(() => fs.rm(folder, { recursive: true }));

    it("makes a tool once, also for two clones at once, and closes it to others", async () => {
        const [one, other] = await Promise.all([
            ensureStored(tool(), await context()),
            ensureStored(tool(), await context("other")),
        ]);
        assert.equal(one, other);
        assert.equal(made, 1);
        for (const closed of ["cache", "cache/tools"]) {
            assert.equal((await fs.stat(path.join(folder, closed))).mode & 0o777, 0o700);
        }
    });

    it("keeps what is made from other content beside it", async () => {
        const one = await ensureStored(tool(), await context());
        const other = await ensureStored(tool({ content: "v2" }), await context());
        assert.notEqual(one, other);
        await ensureStored(tool(), await context());
        assert.equal(made, 2);
    });

    it("makes a damaged one again, and one whose making was broken off", async () => {
        const content = await ensureStored(tool(), await context());
        await fs.writeFile(path.join(content, "file"), "bad");
        await ensureStored(tool(), await context());
        assert.equal(made, 2);
        const breaksOff = async (unfinished: string) => {
            await fs.writeFile(path.join(unfinished, "half"), "");
            throw new Error("broken off");
        };
        await assert.rejects(ensureStored(tool({ content: "v3", make: breaksOff }), await context()), {
            message: "broken off",
        });
        await ensureStored(tool({ content: "v3" }), await context());
        assert.equal(made, 3);
    });

    it("says when what was made does not run, and does not count it", async () => {
        const useless = tool({ make: () => Promise.resolve() });
        await assert.rejects(ensureStored(useless, await context()), (error: Error) => {
            assert.match(
                error.message,
                /^tool was made in .* but does not run or has the wrong version; check the pins in /,
            );
            return true;
        });
        await ensureStored(tool(), await context());
        assert.equal(made, 1);
    });

    for (const closed of ["cache", "cache/tools"]) {
        it(`is refused when others can write ${closed}`, async () => {
            await fs.mkdir(path.join(folder, "cache/tools"), { recursive: true });
            await fs.chmod(path.join(folder, closed), 0o770);
            await assert.rejects(openStore(path.join(folder, "cache/tools")), {
                message: `${path.join(folder, closed)} holds programs to run and can be written by others (mode 770); make it yours alone, remove it, or name another folder by XDG_CACHE_HOME, then run the command again.`,
            });
        });
    }

    it("is refused when it belongs to another user", async function () {
        // Only root can give a folder away.
        if (process.getuid?.() !== 0) this.skip();
        const store = path.join(folder, "cache/tools");
        await fs.mkdir(store, { recursive: true, mode: 0o700 });
        await fs.chown(store, 61_999, 61_999);
        await assert.rejects(openStore(store), {
            message: `${store} holds programs to run and belongs to user 61999, not 0; make it yours alone, remove it, or name another folder by XDG_CACHE_HOME, then run the command again.`,
        });
    });

    it("is where XDG_CACHE_HOME says, and below the home folder when that is not absolute", () => {
        const before = process.env.XDG_CACHE_HOME;
        const own = path.join(os.homedir(), ".cache/cached-image-pipeline/tools");
        try {
            process.env.XDG_CACHE_HOME = "/caches";
            assert.equal(storeDirectory(), "/caches/cached-image-pipeline/tools");
            process.env.XDG_CACHE_HOME = "caches";
            assert.equal(storeDirectory(), own);
            delete process.env.XDG_CACHE_HOME;
            assert.equal(storeDirectory(), own);
        } finally {
            if (before !== undefined) process.env.XDG_CACHE_HOME = before;
        }
    });

    it("takes the place of what a clone had of its own", async () => {
        const link = path.join(folder, "clone/python");
        await fs.mkdir(path.join(link, "bin"), { recursive: true });
        const target = path.join(folder, "target");
        await fs.mkdir(target);
        assert.equal(await linkTool(link, target), link);
        assert.equal(await fs.readlink(link), target);
        const second = path.join(folder, "second");
        await linkTool(link, second);
        assert.equal(await fs.readlink(link), second);
        assert.deepEqual(await fs.readdir(path.dirname(link)), ["python"]);
    });
});
