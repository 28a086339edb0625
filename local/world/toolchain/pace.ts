import * as fs from "node:fs/promises";
import { z } from "zod";
import { replaceFile } from "./replaceFile";

/** The means that a step waits for: the processor, or mostly the network. */
export type StepKind = "compile" | "fetch";

/** A step that takes a while. */
export interface Step {
    /** Name of the work, such as `building pulumi`. */
    what: string;
    kind: StepKind;
    /** How long it takes, in seconds, on two cores of which nothing else makes use, with nothing cached. */
    seconds: number;
}

const factor = z.number().positive();
const recordSchema = z.object({ compile: factor, fetch: factor });

/** How fast this machine is: how often the usual time the last finished step of a kind took. */
export class Pace {
    private constructor(
        private readonly file: string,
        private readonly factors: Record<StepKind, number>,
    ) {}

    /** @param file where the pace is remembered; one that cannot be read is started anew */
    static async open(file: string): Promise<Pace> {
        const text = await fs.readFile(file, "utf8").catch(() => "");
        return new Pace(file, parseRecord(text) ?? { compile: 1, fetch: 1 });
    }

    /** @returns how long a step is expected to take, in seconds */
    estimate({ kind, seconds }: Step): number {
        return seconds * this.factors[kind];
    }

    /** Takes note of how long a step took, in seconds, for the next ones of its kind, also in later runs. */
    async learn({ kind, seconds }: Step, took: number): Promise<void> {
        this.factors[kind] = Math.max(took, 0.1) / seconds;
        await replaceFile(this.file, JSON.stringify(this.factors));
    }
}

function parseRecord(text: string): Record<StepKind, number> | undefined {
    try {
        return recordSchema.safeParse(JSON.parse(text)).data;
    } catch {
        return undefined;
    }
}
