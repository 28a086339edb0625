import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { removeWorld } from "../../../bench/run/environment";
import { chooseHostFolders, type HostFolders } from "../../../bench/run/hostFolders";
import { mountPointsBelow } from "../../../local/world/services/mounts";
import { makeTemporaryWorld, type TemporaryWorld } from "../world/services/temporaryWorld";

const ignore = () => undefined;

async function mountedBelow(folder: string): Promise<string[]> {
    return mountPointsBelow(folder, await fs.readFile("/proc/self/mountinfo", "utf8"));
}

describe("bench: folders of build hosts", () => {
    let world: TemporaryWorld;
    let parent: string;
    beforeEach(async () => {
        world = await makeTemporaryWorld();
        parent = path.join(world.layout.folder, "hosts");
    });
    afterEach(async () => {
        await removeWorld(ignore);
        await fs.mkdir(world.layout.folder);
        await world.dispose();
    });

    it("are file systems of their own, or where none can be mounted plain folders; a trial says which", async () => {
        // GIVEN what this machine allows
        const reasons: string[] = [];
        const folders = await chooseHostFolders(parent, (line) => reasons.push(line));
        assert.deepEqual(await fs.readdir(parent), []);
        assert.deepEqual(await mountedBelow(parent), []);

        // WHEN two hosts get a folder
        const [one, other] = [path.join(parent, "one"), path.join(parent, "other")];
        await folders.make(one);
        await folders.make(other);

        // THEN both are empty and closed to others, and each has a device of its own unless a reason was given
        await fs.writeFile(path.join(one, "file"), "x");
        assert.deepEqual(withoutLostAndFound(await fs.readdir(other)), []);
        const stats = await Promise.all([parent, one, other].map((folder) => fs.stat(folder)));
        assert.deepEqual(
            stats.slice(1).map(({ mode }) => mode & 0o777),
            [0o700, 0o700],
        );
        const devices = new Set(stats.map(({ dev }) => dev)).size;
        const outcome = { devices, reasons: reasons.length, mounted: (await mountedBelow(parent)).sort() };
        const expected = {
            "a new ext4 file system each": { devices: 3, reasons: 0, mounted: [one, other] },
            "a folder each on one file system, slower where files of earlier builds were removed": {
                devices: 1,
                reasons: 1,
                mounted: [],
            },
        }[folders.description];
        assert.deepEqual(outcome, expected);

        // WHEN the hosts end, one with a file that is still open, THEN nothing of them is left
        const open = await fs.open(path.join(one, "file"));
        await folders.remove(one);
        await folders.remove(other);
        await open.close();
        assert.deepEqual(await fs.readdir(parent), []);
        assert.deepEqual(await mountedBelow(parent), []);
    });

    it("are plain folders where a command is missing, and the reason is said", async () => {
        const before = process.env.PATH;
        const reasons: string[] = [];
        let folders: HostFolders;
        try {
            process.env.PATH = world.layout.folder;
            folders = await chooseHostFolders(parent, (line) => reasons.push(line));
        } finally {
            process.env.PATH = before;
        }
        assert.deepEqual(reasons, [
            "No file system can be mounted for a build host (mkfs.ext4 is not installed), so hosts are plain folders.",
        ]);
        const folder = path.join(parent, "one");
        await folders.make(folder);
        assert.equal((await fs.stat(folder)).dev, (await fs.stat(parent)).dev);
        await folders.remove(folder);
        assert.deepEqual(await fs.readdir(parent), []);
    });

    it("are gone with the world, also those that a killed benchmark left with a process in them", async () => {
        // GIVEN hosts of both kinds, and a process that works in one of them as its builder does
        const folders = await chooseHostFolders(parent, ignore);
        const host = path.join(parent, "build-1");
        const codebuild = path.join(world.layout.data, "codebuild");
        await folders.make(host);
        await folders.make(codebuild);
        const builder = spawn(process.execPath, ["-e", "setInterval(() => undefined, 1000)"], {
            cwd: host,
            env: { TMPDIR: path.join(host, "builder", "data", "tmp") },
            stdio: "ignore",
        });
        const ended = once(builder, "exit");
        await once(builder, "spawn");

        // WHEN the next benchmark begins
        await removeWorld(ignore);

        // THEN process, mounts and folders are gone
        assert.deepEqual(await ended, [null, "SIGKILL"]);
        await assert.rejects(fs.stat(world.layout.folder), { code: "ENOENT" });
        assert.deepEqual(await mountedBelow(world.layout.folder), []);
    });
});

/** Removes the folder that ext4 makes for files that a repair finds. */
function withoutLostAndFound(names: string[]): string[] {
    return names.filter((name) => name !== "lost+found");
}
