import * as assert from "node:assert/strict";
import { Link, parseLimits } from "../../../local/gateway/shaping";

describe("gateway: shaping", () => {
    it("takes known limits", () => {
        const limits = { latencyMilliseconds: 20, bytesPerSecondDown: 1e6, bytesPerSecondUp: 1 };
        assert.deepEqual(parseLimits(limits), limits);
        assert.deepEqual(parseLimits({}), {});
    });

    const wrong: [value: unknown, message: string][] = [
        [[], "The limits must be a JSON object with any of latencyMilliseconds, bytesPerSecondDown, bytesPerSecondUp."],
        [
            { bandwidth: 1 },
            '"bandwidth" is not a limit; the limits are latencyMilliseconds, bytesPerSecondDown, bytesPerSecondUp.',
        ],
        [{ bytesPerSecondUp: 0 }, "bytesPerSecondUp is 0; it must be a number above 0."],
        [{ latencyMilliseconds: "5" }, 'latencyMilliseconds is "5"; it must be a number above 0.'],
    ];
    for (const [value, message] of wrong) {
        it(`refuses ${JSON.stringify(value)}`, () => assert.throws(() => parseLimits(value), { message }));
    }

    it("shares the bandwidth of a direction between its streams", () => {
        const link = new Link();
        link.limits = { bytesPerSecondDown: 1000 };
        const waits = [link.take("down", 500), link.take("down", 500), link.take("up", 500)];
        assert.deepEqual(
            waits.map((wait) => Math.round(wait / 100) * 100),
            [500, 1000, 0],
        );
    });
});
