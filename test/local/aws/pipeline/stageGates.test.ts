import assert from "node:assert/strict";
import { type Entry, StageGates } from "../../../../local/aws/pipeline/stageGates";

/** Gate of one stage, with the outcomes in the order in which they came. */
class Gate {
    readonly outcomes: string[] = [];
    private readonly gates = new StageGates();

    constructor(private readonly mode: "QUEUED" | "SUPERSEDED") {}

    arrive(startTime: number, signal = new AbortController().signal): void {
        const id = `execution-${startTime}`;
        void this.gates
            .enter("line/Build", { id, startTime }, this.mode, signal)
            .then((entry: Entry) => this.outcomes.push(`${startTime} ${entry}`));
    }

    leave(startTime: number): void {
        this.gates.leave("line/Build", `execution-${startTime}`);
    }
}

/** Lets all promises that are settled run on. */
const settled = () => new Promise(setImmediate);

describe("locks of stages", () => {
    it("let one execution in after the other in QUEUED mode", async () => {
        const gate = new Gate("QUEUED");
        for (const start of [1, 2, 3]) gate.arrive(start);
        await settled();
        assert.deepEqual(gate.outcomes, ["1 entered"]);
        gate.leave(1);
        await settled();
        gate.leave(2);
        await settled();
        assert.deepEqual(gate.outcomes, ["1 entered", "2 entered", "3 entered"]);
    });

    it("keep only the newest one waiting in SUPERSEDED mode, whichever comes first", async () => {
        const gate = new Gate("SUPERSEDED");
        for (const start of [1, 2, 4, 3]) gate.arrive(start);
        await settled();
        assert.deepEqual(gate.outcomes, ["1 entered", "2 superseded", "3 superseded"]);
        gate.leave(1);
        await settled();
        assert.deepEqual(gate.outcomes.at(-1), "4 entered");
    });

    it("forget an execution whose waiting is aborted", async () => {
        const gate = new Gate("QUEUED");
        const stop = new AbortController();
        gate.arrive(1);
        gate.arrive(2, stop.signal);
        gate.arrive(3);
        stop.abort();
        gate.leave(1);
        await settled();
        assert.deepEqual(gate.outcomes.sort(), ["1 entered", "2 aborted", "3 entered"]);
        gate.arrive(4, stop.signal);
        await settled();
        assert.equal(gate.outcomes.at(-1), "4 aborted");
    });

    it("are left by the execution inside only", () => {
        const gate = new Gate("QUEUED");
        gate.arrive(1);
        assert.throws(() => gate.leave(2), { message: "The execution execution-2 is not in the stage line/Build." });
    });
});
