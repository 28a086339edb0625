import type { ExecutionMode } from "@aws-sdk/client-codepipeline";

/** Execution before a stage. */
interface Arrival {
    id: string;
    /** Start of the execution; a later one is more recent. */
    startTime: number;
}

/** Outcome of waiting for a stage. */
export type Entry = "entered" | "superseded" | "aborted";

interface Waiting extends Arrival {
    resolve: (entry: Entry) => void;
}

interface Gate {
    /** Execution in the stage. */
    holder: string;
    /** Executions before it, in the order of their arrival. */
    waiting: Waiting[];
}

/**
 * Locks of stages: a stage processes one execution at a time. In SUPERSEDED mode a more recent execution replaces the one that waits; in
 * QUEUED mode all wait in their order.
 *
 * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/concepts-how-it-works.html
 */
export class StageGates {
    private readonly gates = new Map<string, Gate>();

    /** Enters a stage, at once or after the execution in it. @param signal signal that ends the waiting */
    async enter(stage: string, { id, startTime }: Arrival, mode: ExecutionMode, signal: AbortSignal): Promise<Entry> {
        if (signal.aborted) return "aborted";
        const gate = this.gates.get(stage);
        if (gate === undefined) {
            this.gates.set(stage, { holder: id, waiting: [] });
            return "entered";
        }
        return new Promise((resolve) => {
            gate.waiting.push({ id, startTime, resolve });
            const abort = () => {
                gate.waiting = gate.waiting.filter((one) => one.id !== id);
                resolve("aborted");
            };
            signal.addEventListener("abort", abort, { once: true });
            if (mode === "SUPERSEDED") keepNewest(gate);
        });
    }

    /** Leaves a stage, which lets the next execution in. */
    leave(stage: string, id: string): void {
        const gate = this.gates.get(stage);
        if (gate?.holder !== id) throw new Error(`The execution ${id} is not in the stage ${stage}.`);
        const next = gate.waiting.shift();
        if (next === undefined) {
            this.gates.delete(stage);
            return;
        }
        gate.holder = next.id;
        next.resolve("entered");
    }
}

function keepNewest(gate: Gate): void {
    const newest = Math.max(...gate.waiting.map(({ startTime }) => startTime));
    const replaced = gate.waiting.filter(({ startTime }) => startTime < newest);
    gate.waiting = gate.waiting.filter(({ startTime }) => startTime === newest);
    for (const { resolve } of replaced) resolve("superseded");
}
