import assert from "node:assert/strict";
import type { RegistryLogEntry } from "../../local/aws/gateway/registry/registryLogEntry";
import { readAccessLog } from "../support/accessLog";
import {
    emptyBuilder,
    engineWorld,
    type EngineWorld,
    layeredFiles,
    TestStack,
    writeContext,
} from "../support/engineWorld";

describe("an update after a changed line of code, on an empty builder", function () {
    this.timeout(120_000);
    let engine: EngineWorld;
    /** Requests to the image's repository by method and kind, those that a token was asked for left out. */
    const counts: Record<string, number> = {};
    let refused = 0;

    before(async () => {
        engine = await engineWorld();
        const context = await writeContext("requests", layeredFiles("print(1)\n"));
        const stack = await TestStack.open(engine, "requests", { images: [{ name: "app", context }] });
        await stack.up();
        await writeContext("requests", { "app/main.py": "print(2)\n" });
        await emptyBuilder(engine);
        const before = (await readAccessLog()).length;
        await stack.up();
        for (const entry of (await readAccessLog()).slice(before)) {
            if (!("kind" in entry)) continue;
            const { repository, method, kind, status } = entry as RegistryLogEntry;
            // The base image is read as well where the builder was started anew.
            if (repository !== "cached-image-pipeline-requests") continue;
            if (status === 401) refused += 1;
            else counts[`${method} ${kind}`] = (counts[`${method} ${kind}`] ?? 0) + 1;
        }
        console.log(`      ${JSON.stringify(counts)}, and ${refused} that BuildKit sends before it has a token`);
    });

    it("reads the cache's manifest and configuration, and no layer", () => {
        assert.deepEqual([counts["GET manifest"], counts["GET blob"]], [1, 1]);
    });

    it("sends the code's layer and the configurations of image and cache, and two manifests", () => {
        const { "POST upload": begun, "PUT upload": ended, "PUT manifest": manifests } = counts;
        assert.deepEqual([begun === ended, manifests], [true, 2]);
        // Image and cache are pushed at once: where both find the code's layer missing, both send it.
        assert.ok(begun === 3 || begun === 4, `${begun}`);
    });

    it("looks for the cache, and for the two tags that it writes, each once", () => {
        assert.equal(counts["HEAD manifest"], 3);
    });

    it("looks for each layer of image and cache at most once for either push", () => {
        // Image and cache have the base, the folder, the dependencies and the code; the cache has the first stage's steps as well.
        assert.ok(counts["HEAD blob"]! <= 20, `${counts["HEAD blob"]}`);
    });
});
