import * as fs from "node:fs/promises";
import { z } from "zod";
import { replaceFile } from "./replaceFile";

/** Resource that a step waits for: the processor, or mostly the network. */
export type StepKind = "compile" | "fetch";

/** Step that takes a while. */
export interface Step {
    /** Name of the work, such as `building pulumi`. */
    what: string;
    kind: StepKind;
    /** Duration in seconds, on two otherwise idle cores, with nothing cached. */
    seconds: number;
}

const factor = z.number().positive();
const recordSchema = z.object({ compile: factor, fetch: factor });

/** Speed of this machine: the duration of the last finished step of a kind as a multiple of its usual one. */
export class Pace {
    private constructor(
        private readonly file: string,
        private readonly factors: Record<StepKind, number>,
    ) {}

    /** Opens the pace of earlier runs. @param file file that keeps the pace; an unreadable one is replaced */
    static async open(file: string): Promise<Pace> {
        const text = await fs.readFile(file, "utf8").catch(() => "");
        return new Pace(file, parseRecord(text) ?? { compile: 1, fetch: 1 });
    }

    /** Estimates the duration of a step, in seconds. */
    estimate({ kind, seconds }: Step): number {
        return seconds * this.factors[kind];
    }

    /** Records the duration of a step, in seconds, for the next ones of its kind, also in later runs. */
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
