import assert from "node:assert/strict";
import { once } from "node:events";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { watchAnswers } from "../../../bench/line/answerTimes";

describe("bench: the first answer of a new container", () => {
    it("is waited for, also after the deploy has ended, and is one to a request that began after the container's start", async () => {
        // GIVEN a server that answers one request well, then badly until it is told to
        let answered = 0;
        let isWell = true;
        const server = http.createServer((_, response) => {
            answered += isWell ? 1 : 0;
            response.writeHead(isWell ? 200 : 503).end();
            if (answered === 1) isWell = false;
        });
        await once(server.listen(0, "127.0.0.1"), "listening");
        const watch = watchAnswers(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
        try {
            assert.ok((await watch.firstSince(0)) <= Date.now());
            // WHEN one asks for an answer since now, before there is one
            const started = Date.now();
            const first = watch.firstSince(started);
            isWell = true;
            // THEN it comes with the next good answer
            assert.ok((await first) >= started);
            assert.ok(answered >= 2);
        } finally {
            await watch.end();
            server.close();
        }
    });
});
