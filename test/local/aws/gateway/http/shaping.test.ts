import * as assert from "node:assert/strict";
import { Link, parseLimits } from "../../../../../local/aws/gateway/http/shaping";

describe("gateway: shaping", () => {
    it("takes known limits", () => {
        const limits = { latencyMilliseconds: 20, bytesPerSecondDown: 1e6, bytesPerSecondUp: 1 };
        assert.deepEqual(parseLimits(limits), limits);
        assert.deepEqual(parseLimits({}), {});
    });

    const names =
        "latencyMilliseconds, bytesPerSecondDown, bytesPerSecondUp, streamBytesPerSecondDown, streamBytesPerSecondUp";
    const wrong: [value: unknown, message: string][] = [
        [[], `The limits must be a JSON object with any of ${names}.`],
        [{ bandwidth: 1 }, `"bandwidth" is not a limit; the limits are ${names}.`],
        [{ bytesPerSecondUp: 0 }, "bytesPerSecondUp is 0; it must be a number above 0."],
        [{ latencyMilliseconds: "5" }, 'latencyMilliseconds is "5"; it must be a number above 0.'],
    ];
    for (const [value, message] of wrong) {
        it(`refuses ${JSON.stringify(value)}`, () => assert.throws(() => parseLimits(value), { message }));
    }

    /** Makes a line whose time the test sets. */
    function lineAt() {
        const clock = { now: 1000 };
        return { clock, link: new Link(() => clock.now) };
    }

    it("shares the bandwidth of a direction between its streams", () => {
        const { link } = lineAt();
        link.limits = { bytesPerSecondDown: 1000 };
        const [one, other, upload] = [link.stream("down"), link.stream("down"), link.stream("up")];
        assert.deepEqual([one(500), other(500), upload(500)], [500, 1000, 0]);
    });

    it("limits each stream besides", () => {
        const { link } = lineAt();
        link.limits = { bytesPerSecondUp: 1000, streamBytesPerSecondUp: 100 };
        const [one, other] = [link.stream("up"), link.stream("up")];
        assert.deepEqual([one(100), other(100), one(100)], [1000, 1000, 2000]);
    });

    it("keeps its rate when timers are late, and earns nothing while it is idle", () => {
        const { clock, link } = lineAt();
        link.limits = { streamBytesPerSecondDown: 1000 };
        const take = link.stream("down");
        // GIVEN timers that fire 3 ms late
        for (let piece = 0; piece < 100; piece++) {
            const wait = take(10);
            clock.now += wait === 0 ? 0 : wait + 3;
        }
        // THEN a thousand bytes have taken a second, and the lateness of the last timer at most
        assert.ok(clock.now >= 2000 && clock.now <= 2003, `${clock.now}`);
        // AND after a pause the line is as slow as at first
        clock.now += 60_000;
        assert.equal(take(500), 500);
    });
});
