import assert from "node:assert/strict";
import { once } from "node:events";
import * as net from "node:net";
import { freePort } from "../../../local/machine/freePort";

describe("a free port", () => {
    it("is none that outgoing connections get, and can be listened at with those after it", async () => {
        const first = await freePort(3);
        assert.ok(first >= 20_000 && first + 2 < 32_768, String(first));
        for (const port of [first, first + 1, first + 2]) {
            const server = net.createServer().listen(port, "127.0.0.1");
            await once(server, "listening");
            server.close();
        }
    });
});
