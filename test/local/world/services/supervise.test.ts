import assert from "node:assert/strict";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { ServiceDefinition } from "../../../../local/world/services/definitions";
import { logFile, recordFile } from "../../../../local/world/services/layout";
import { choosePorts } from "../../../../local/world/services/ports";
import { allProcesses, isRunning, send, waitForEnd } from "../../../../local/machine/processes";
import { runningRecord, stopService, type ServiceRecord } from "../../../../local/world/services/records";
import { endStrayServices } from "../../../../local/world/services/strays";
import { ensureService } from "../../../../local/world/services/supervise";
import { makeTemporaryWorld, nodeService, type TemporaryWorld } from "./temporaryWorld";

describe("supervision of a service", function () {
    this.timeout(30_000);
    let world: TemporaryWorld;
    let service: ServiceDefinition;
    let started: ServiceRecord[];
    const ensure = (definition = service, signal = new AbortController().signal) =>
        ensureService(
            definition,
            world.layout,
            () => undefined,
            (record) => started.push(record),
            signal,
        );

    beforeEach(async () => {
        world = await makeTemporaryWorld();
        started = [];
        await fs.writeFile(path.join(world.layout.folder, "source.ts"), "");
        service = nodeService(world.layout, (await choosePorts(world.layout, () => undefined)).gateway);
    });
    afterEach(() => world.dispose());

    it("starts it in a session of its own, records it, and keeps it", async () => {
        const record = await ensure();
        assert.equal(allProcesses().find(({ pid }) => pid === record.pid)?.session, record.pid);
        assert.deepEqual(await runningRecord(world.layout, "gateway"), record);
        assert.equal(String(record.port), service.environment.PORT);
        assert.deepEqual(await ensure(), record);
        assert.equal(started.length, 1);
    });

    it("stops it, and does nothing when it is stopped", async () => {
        const record = await ensure();
        await stopService(world.layout, "gateway");
        assert.equal(isRunning(record), false);
        await stopService(world.layout, "gateway");
        assert.equal(await runningRecord(world.layout, "gateway"), undefined);
    });

    const changes: [string, (definition: ServiceDefinition) => Promise<ServiceDefinition>][] = [
        [
            "its environment",
            (definition) => Promise.resolve({ ...definition, environment: { ...definition.environment, A: "1" } }),
        ],
        ["its arguments", (definition) => Promise.resolve({ ...definition, command: [...definition.command, "more"] })],
        [
            "the process that it is for",
            (definition) => Promise.resolve({ ...definition, dependsOn: { pid: 1, startTime: 1 } }),
        ],
        [
            "its sources",
            async (definition) => {
                await fs.writeFile(path.join(world.layout.folder, "source.ts"), "changed");
                return definition;
            },
        ],
    ];
    for (const [what, change] of changes) {
        it(`restarts it when ${what} changed`, async () => {
            const first = await ensure();
            const second = await ensure(await change(service));
            assert.equal(isRunning(first), false);
            assert.equal(isRunning(second), true);
        });
    }

    it("restarts it when it was killed", async () => {
        const first = await ensure();
        send(first, "SIGKILL");
        await waitForEnd([first], 5_000);
        assert.notEqual((await ensure()).pid, first.pid);
    });

    it("restarts it when its record is damaged, without leaving the old one", async () => {
        const first = await ensure();
        await fs.writeFile(recordFile(world.layout, "gateway"), '{"service":"gateway","pi');
        await endStrayServices(world.layout, []);
        assert.equal(isRunning(first), false);
        const second = await ensure();
        assert.equal(isRunning(second), true);
    });

    it("leaves a process alone that has the recorded id but another start time", async () => {
        // GIVEN a record whose process id belongs to this test by now
        const stale = { service: "gateway", pid: process.pid, startTime: 1, stamp: "" };
        await fs.writeFile(recordFile(world.layout, "gateway"), JSON.stringify(stale));
        // WHEN the service is stopped THEN this test goes on, and the record is gone
        await stopService(world.layout, "gateway");
        await assert.rejects(fs.access(recordFile(world.layout, "gateway")), { code: "ENOENT" });
    });

    it("says why one ended that did not come up, and leaves nothing", async () => {
        const script = 'throw new Error("the state folder is damaged")';
        await assert.rejects(ensure({ ...service, command: [process.execPath, "-e", script] }), {
            message: `gateway ended while it was starting: Error: the state folder is damaged (log: ${logFile(world.layout, "gateway")}).`,
        });
    });

    it("gives up on one that does not get healthy, and ends it", async () => {
        const script = 'console.log("waiting for godot"); setInterval(() => {}, 1000)';
        await assert.rejects(ensure({ ...service, command: [process.execPath, "-e", script], deadline: 1_000 }), {
            message: `gateway was not healthy after 1 s: waiting for godot (log: ${logFile(world.layout, "gateway")}).`,
        });
        assert.deepEqual(started.map(isRunning), [false]);
    });

    it("says that an executable is missing", async () => {
        await assert.rejects(ensure({ ...service, command: ["/no/such/file"] }), {
            message: "gateway could not be started: spawn /no/such/file ENOENT.",
        });
    });

    it("ends what the service itself has started", async () => {
        const script = `
            const child = require("node:child_process").spawn("sleep", ["300"], { stdio: "ignore" });
            require("node:http").createServer((_, res) => res.end(String(child.pid))).listen(process.env.PORT, "127.0.0.1");`;
        const record = await ensure({ ...service, command: [process.execPath, "-e", script] });
        const child = Number(await (await fetch(`http://127.0.0.1:${record.port}/`)).text());
        assert.equal(
            allProcesses().some(({ pid }) => pid === child),
            true,
        );
        await stopService(world.layout, "gateway");
        assert.equal(
            allProcesses().some(({ pid }) => pid === child),
            false,
        );
    });

    it("stops waiting when aborted", async () => {
        const controller = new AbortController();
        const script = "setInterval(() => {}, 1000)";
        const starting = ensureService(
            { ...service, command: [process.execPath, "-e", script] },
            world.layout,
            () => undefined,
            () => controller.abort(new Error("cancelled")),
            controller.signal,
        );
        await assert.rejects(starting, { message: "cancelled" });
    });
});
