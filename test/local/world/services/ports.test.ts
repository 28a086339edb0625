import assert from "node:assert/strict";
import { once } from "node:events";
import * as fs from "node:fs/promises";
import * as net from "node:net";
import { choosePorts } from "../../../../local/world/services/ports";
import { makeTemporaryWorld, type TemporaryWorld } from "./temporaryWorld";

describe("ports of services", () => {
    let world: TemporaryWorld;
    let reports: string[];
    const choose = () => choosePorts(world.layout, (message) => reports.push(message));
    beforeEach(async () => {
        world = await makeTemporaryWorld();
        reports = [];
    });
    afterEach(() => world.dispose());

    it("are the same the next time", async () => {
        const first = await choose();
        assert.deepEqual(await choose(), first);
        assert.deepEqual(reports, []);
    });

    it("move when another program has taken one", async () => {
        const first = await choose();
        const other = net.createServer().listen(first.gateway, "127.0.0.1");
        await once(other, "listening");
        try {
            const second = await choose();
            assert.notEqual(second.gateway, first.gateway);
            assert.deepEqual(reports, [
                `port ${first.gateway} of gateway is now used by another program; gateway moves to port ${second.gateway}`,
            ]);
        } finally {
            other.close();
        }
    });

    it("are chosen anew when the file is damaged", async () => {
        await fs.writeFile(world.layout.ports, '{"gateway": 1');
        const ports = await choose();
        assert.deepEqual(JSON.parse(await fs.readFile(world.layout.ports, "utf8")), ports);
    });
});
