import assert from "node:assert/strict";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { readWorld, stopWorld } from "../../../../local/world/services";
import { ensureAdministrator } from "../../../../local/world/services/administrator";
import { checkBuildkitCanRun, requestedBuilder } from "../../../../local/world/services/builder";
import { explainWorldFault } from "../../../../local/world/services/faults";
import { recordFile, worldLayout } from "../../../../local/world/services/layout";
import { mountPointsBelow } from "../../../../local/world/services/mounts";
import { openLog, reasonInLog } from "../../../../local/world/services/serviceLog";
import { makeTemporaryWorld, type TemporaryWorld } from "./temporaryWorld";

describe("files of a world", () => {
    let world: TemporaryWorld;
    beforeEach(async () => (world = await makeTemporaryWorld()));
    afterEach(() => world.dispose());

    it("keep the administrator's key pair from one start to the next", async () => {
        const first = await ensureAdministrator(world.layout);
        assert.match(first.accessKeyId, /^AKIA[A-Z2-7]{16}$/);
        assert.match(first.secretAccessKey, /^[A-Za-z0-9+/]{40}$/);
        assert.deepEqual(await ensureAdministrator(world.layout), first);
        await fs.rm(world.layout.administrator);
        assert.notEqual((await ensureAdministrator(world.layout)).secretAccessKey, first.secretAccessKey);
    });

    it("say that no world is running", async () => {
        const { folder, services } = world.layout;
        await assert.rejects(readWorld(), {
            message: `No offline world is running in ${folder}; run \`npm start\` first.`,
        });
        await fs.writeFile(services, '{"endpoint": "http');
        await assert.rejects(readWorld(), { message: `${services} is damaged; run \`npm start\` first.` });
    });

    it("are removed by a stop, damaged or not, except for logs and ports", async () => {
        const { layout } = world;
        await fs.writeFile(recordFile(layout, "gateway"), "{");
        await fs.writeFile(layout.services, "");
        await fs.writeFile(layout.ports, "{}");
        await stopWorld();
        assert.deepEqual((await fs.readdir(layout.folder)).sort(), ["logs", "ports.json"]);
        await stopWorld();
    });

    it("keep the log of the process before, and show the line with the reason", async () => {
        const file = path.join(world.layout.logs, "x.log");
        await fs.writeFile(file, "earlier\n");
        await (await openLog(file)).close();
        assert.equal(await fs.readFile(`${file}.previous`, "utf8"), "earlier\n");
        assert.equal(await reasonInLog(file), "it wrote nothing");
        await fs.writeFile(file, "started\nError: no such folder\n    at main (x.js:1:1)\n\nNode.js v20.20.0\n");
        assert.equal(await reasonInLog(file), "Error: no such folder");
    });
});

describe("faults of a world's folder", () => {
    it("a full disk becomes one sentence", () => {
        const fault = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
        assert.equal(
            (explainWorldFault("/w", fault) as Error).message,
            "The disk that holds /w is full; free some space, then run the command again.",
        );
    });

    it("others stay as they are", () => {
        const fault = new Error("gateway ended");
        assert.equal(explainWorldFault("/w", fault), fault);
    });

    it("a path that is too long for a socket is refused", () => {
        const layout = worldLayout(`/${"x".repeat(100)}`);
        assert.throws(() => checkBuildkitCanRun(layout), {
            message: `The path of BuildKit's socket, ${layout.buildkitSocket}, has 120 bytes and at most 107 are possible; move the repository to a shorter path.`,
        });
    });
});

describe("the builder that BUILDX_BUILDER names", () => {
    const names = ["BUILDX_BUILDER", "BUILDX_CONFIG", "DOCKER_CONFIG"] as const;
    const cases: [Partial<Record<(typeof names)[number], string>>, ReturnType<typeof requestedBuilder>][] = [
        [{}, undefined],
        [
            { BUILDX_BUILDER: "mine", DOCKER_CONFIG: "/d" },
            { builder: "mine", dockerConfig: "/d", buildxConfig: "/d/buildx" },
        ],
        [
            { BUILDX_BUILDER: "mine", DOCKER_CONFIG: "/d", BUILDX_CONFIG: "/b" },
            { builder: "mine", dockerConfig: "/d", buildxConfig: "/b" },
        ],
    ];
    for (const [environment, expected] of cases) {
        it(`is ${expected?.builder ?? "none"} with ${JSON.stringify(environment)}`, () => {
            const before = names.map((name) => [name, process.env[name]] as const);
            names.forEach((name) => delete process.env[name]);
            Object.assign(process.env, environment);
            try {
                assert.deepEqual(requestedBuilder(), expected);
            } finally {
                for (const [name, value] of before) {
                    if (value === undefined) delete process.env[name];
                    else process.env[name] = value;
                }
            }
        });
    }
});

describe("mount points", () => {
    it("are those of the folder, the innermost first", () => {
        const mountInfo = [
            "22 1 0:21 / / rw - ext4 /dev/vda rw",
            "30 22 0:30 / /w/data rw - tmpfs none rw",
            "31 22 0:31 / /w/data2 rw - tmpfs none rw",
            "32 30 0:32 / /w/data/with\\040space rw - overlay overlay rw",
            "",
        ].join("\n");
        assert.deepEqual(mountPointsBelow("/w/data", mountInfo), ["/w/data/with space", "/w/data"]);
    });
});
