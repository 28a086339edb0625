import assert from "node:assert/strict";
import { runTogether } from "../../../../local/world/toolchain/parallel";

/** Waits until the signal is aborted, then runs the remaining work. */
function untilAborted(signal: AbortSignal, afterwards: () => void): Promise<never> {
    return new Promise((_, reject) =>
        signal.addEventListener("abort", () => {
            setImmediate(() => {
                afterwards();
                reject(signal.reason as Error);
            });
        }),
    );
}

describe("runTogether", () => {
    it("gives the results in order", async () => {
        const results = await runTogether<[number, string]>(undefined, [
            () => Promise.resolve(1),
            () => Promise.resolve("two"),
        ]);
        assert.deepEqual(results, [1, "two"]);
    });

    it("aborts the others at the first failure, waits for them, and throws that failure", async () => {
        const failure = new Error("first");
        let cleaned = false;
        const running = runTogether<[never, never]>(undefined, [
            (signal) => untilAborted(signal, () => (cleaned = true)),
            () => Promise.reject(failure),
        ]);
        await assert.rejects(running, failure);
        assert.equal(cleaned, true);
    });

    it("aborts all when told to", async () => {
        const controller = new AbortController();
        const running = runTogether<[never]>(controller.signal, [(signal) => untilAborted(signal, () => undefined)]);
        controller.abort(new Error("cancelled"));
        await assert.rejects(running, { message: "cancelled" });
    });
});
