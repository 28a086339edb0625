import assert from "node:assert/strict";
import type { TrafficReading } from "../../../../local/aws/gateway/registry/traffic";
import { trafficOf } from "../../../../local/world/stack/traffic";

const none = { down: 0, up: 0 };
const others = { total: none, layers: 0, objects: none };

describe("the traffic of an image", () => {
    it("is what its login moved since the first reading, base images included", () => {
        // GIVEN two builds with a login each, which share base images
        const before: TrafficReading = {
            ...others,
            tokens: { one: { repositories: { shop: { down: 10, up: 1 }, "base/golang": { down: 5, up: 0 } } } },
        };
        const after: TrafficReading = {
            ...others,
            tokens: {
                one: { repositories: { shop: { down: 30, up: 1 }, "base/golang": { down: 105, up: 0 } } },
                two: { repositories: { "shop/worker": { down: 0, up: 7 }, "base/golang": { down: 1000, up: 0 } } },
                other: { repositories: { unrelated: { down: 9, up: 9 } } },
            },
        };
        // THEN each has its own bytes
        assert.deepEqual(trafficOf("shop", before, after), { down: 120, up: 0 });
        assert.deepEqual(trafficOf("shop/worker", before, after), { down: 1000, up: 7 });
        assert.deepEqual(trafficOf("nobody", before, after), { down: 0, up: 0 });
    });
});
