import assert from "node:assert/strict";
import { lastTime } from "../../../bench/line/dockerEvents";
import { divideTime } from "../../../bench/line/phases";

describe("bench: phases of the line", () => {
    it("give each mark's phase the time since the mark before it, and add up to all of it", () => {
        const marks = [
            { phase: "lookup", at: 1500 },
            { phase: "build", at: 3500 },
            { phase: "push", at: 4000 },
            { phase: "record", at: 5000 },
            { phase: "pull", at: 7000 },
            { phase: "start", at: 7250 },
            { phase: "health", at: 8000 },
            { phase: "record", at: 10_000 },
        ] as const;
        assert.deepEqual(divideTime(1000, [...marks]), {
            seconds: { lookup: 0.5, build: 2, push: 0.5, gates: 0, record: 3, pull: 2, start: 0.25, health: 0.75 },
            live: 7,
            total: 9,
        });
    });

    it("are refused when an event came before the one that precedes it, or none tells of the answer", () => {
        const wrong = [
            { phase: "lookup", at: 1500 },
            { phase: "build", at: 1400 },
        ] as const;
        assert.throws(() => divideTime(1000, [...wrong]), {
            message: "The phase build ended 100 ms before the one that precedes it.",
        });
        assert.throws(() => divideTime(1000, [{ phase: "lookup", at: 1500 }]), {
            message: "Nothing says when the new container answered.",
        });
    });
});

describe("bench: what a deploy's watchers saw", () => {
    const event = (Action: string, timeNano: number) => ({
        Type: "image",
        Action,
        Actor: { ID: "", Attributes: {} },
        timeNano,
    });

    it("is the last event of its kind, in milliseconds", () => {
        const events = [event("pull", 1e6), event("pull", 5e6), event("untag", 7e6)];
        assert.equal(
            lastTime(events, "pull", ({ Action }) => Action === "pull"),
            5,
        );
        assert.throws(() => lastTime(events, "start", ({ Action }) => Action === "start"), {
            message: "Docker tells of no start.",
        });
    });
});
