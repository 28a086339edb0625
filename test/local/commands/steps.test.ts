import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { orError, Steps } from "../../../local/commands/steps";

describe("steps that run side by side", () => {
    let log: string[];
    let write: typeof process.stdout.write;

    beforeEach(() => {
        log = [];
        write = process.stdout.write.bind(process.stdout);
    });
    /** Runs the steps and keeps their output. */
    const run = async (steps: Steps): Promise<string[]> => {
        const shown: string[] = [];
        process.stdout.write = (text: string) => shown.push(text) > 0;
        try {
            await steps.run();
        } finally {
            process.stdout.write = write;
        }
        return shown;
    };
    const gate = () => {
        let open = (): void => undefined;
        const opened = new Promise<void>((resolve) => (open = resolve));
        return { open: () => open(), opened };
    };

    it("begins each as soon as what it needs is there, and not in the order of a list", async () => {
        // GIVEN a step that waits for two others, and two that wait for nothing, of which the second is there first
        const [slow, quick] = [gate(), gate()];
        const steps = new Steps(new AbortController().signal);
        const first = steps.add("first", {}, async () => {
            log.push("first begins");
            await slow.opened;
            return 1;
        });
        const second = steps.add("second", {}, async () => {
            log.push("second begins");
            await quick.opened;
            return "two";
        });
        const third = steps.add("third", { first, second }, (given) => {
            log.push(`third begins with ${JSON.stringify(given)}`);
            return Promise.resolve(true);
        });
        void steps.add("fourth", { second }, ({ second }) => {
            log.push(`fourth begins with ${second}`);
            slow.open();
            return Promise.resolve();
        });
        // WHEN they run
        quick.open();
        await run(steps);
        // THEN
        assert.deepEqual(log, [
            "first begins",
            "second begins",
            "fourth begins with two",
            'third begins with {"first":1,"second":"two"}',
        ]);
        assert.deepEqual([await first, await second, await third], [1, "two", true]);
        assert.deepEqual(Object.keys(steps.seconds).sort(), ["first", "fourth", "second", "third"]);
    });

    it("measures a step without what it waited for", async () => {
        const steps = new Steps(new AbortController().signal);
        const first = steps.add("first", {}, () => delay(300));
        void steps.add("second", { first }, () => Promise.resolve());
        await run(steps);
        assert.ok(steps.seconds.first! >= 0.29, String(steps.seconds.first));
        assert.ok(steps.seconds.second! < 0.2, String(steps.seconds.second));
    });

    it("aborts and waits for the others when one fails, and throws its failure", async () => {
        // GIVEN a step that fails, one that runs then and cleans up, and one that needs the failed one
        const steps = new Steps(new AbortController().signal);
        const failing = steps.add("failing", {}, () => Promise.reject(new Error("no disk")));
        void steps.add("running", {}, async (_, { signal }) => {
            await delay(60_000, undefined, { signal }).catch(() => undefined);
            await delay(50);
            log.push("cleaned up");
            signal.throwIfAborted();
        });
        void steps.add("waiting", { failing }, () => {
            log.push("waiting begins");
            return Promise.resolve();
        });
        // WHEN, THEN
        await assert.rejects(run(steps), { message: "no disk" });
        assert.deepEqual(log, ["cleaned up"]);
    });

    it("throws the reason of an interruption", async () => {
        const interruption = new AbortController();
        const steps = new Steps(interruption.signal);
        const running = steps.add("running", {}, async (_, { signal }) => {
            interruption.abort(new Error("Interrupted."));
            await delay(60_000, undefined, { signal }).catch(() => signal.throwIfAborted());
        });
        void steps.add("waiting", { running }, () => Promise.resolve());
        await assert.rejects(run(steps), { message: "Interrupted." });
    });

    it("hands a failure that others can do without to them", async () => {
        const steps = new Steps(new AbortController().signal);
        const optional = orError(Promise.reject<number>(new Error("no Docker")));
        const step = steps.add("step", { optional }, ({ optional }) =>
            Promise.resolve(optional instanceof Error ? optional.message : ""),
        );
        await run(steps);
        assert.equal(await step, "no Docker");
    });
});
