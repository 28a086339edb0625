import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { BenchOptions } from "./options";
import type { ResultRow } from "../report/result";
import type { Measurement } from "./chain";
import { resultRow } from "./resultRow";

/** What names a measurement. */
export type Names = Pick<ResultRow, "workload" | "strategy" | "case">;

/** The file's content. */
interface Kept {
    /** What was measured; only measurements of the same belong together. */
    subject: string;
    lists: [key: string, measurements: Measurement[]][];
}

/** Measurements of all runs. They are written to a file as they come, so that a benchmark that was ended can be continued. */
export class Measurements {
    private constructor(
        private readonly file: string,
        private readonly subject: string,
        private readonly lists: Map<string, Measurement[]>,
    ) {}

    /** Begins with none. @param subject what is measured: options and sources */
    static begin(file: string, subject: string): Measurements {
        return new Measurements(file, subject, new Map());
    }

    /**
     * Begins with those of a benchmark that was ended.
     *
     * @throws Error in one sentence where there is none, or one of something else
     */
    static async continue(file: string, subject: string): Promise<Measurements> {
        const text = await fs.readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
            if (error.code === "ENOENT") throw new Error(`There is nothing to continue: ${file} does not exist.`);
            throw error;
        });
        const kept = JSON.parse(text) as Kept;
        if (kept.subject !== subject) {
            throw new Error(
                `${file} is of other options or of other sources, so it cannot be continued; run without --continue.`,
            );
        }
        return new Measurements(file, subject, new Map(kept.lists));
    }

    /** How often something was measured. */
    count(names: Names): number {
        return this.lists.get(key(names))?.length ?? 0;
    }

    /** Adds what belongs together, and writes the file: all of it is kept, or nothing. */
    async add(measured: [Names, Measurement][]): Promise<void> {
        for (const [names, measurement] of measured) {
            this.lists.set(key(names), [...(this.lists.get(key(names)) ?? []), measurement]);
        }
        await fs.mkdir(path.dirname(this.file), { recursive: true });
        const unfinished = `${this.file}.unfinished`;
        await fs.writeFile(
            unfinished,
            JSON.stringify({ subject: this.subject, lists: [...this.lists] } satisfies Kept),
        );
        await fs.rename(unfinished, this.file);
    }

    /**
     * A row for each case and strategy that was asked for and measured, in the order of the tables.
     *
     * @param strategies names, in their order
     */
    rows({ workloads, cases }: BenchOptions, strategies: string[]): ResultRow[] {
        return workloads.flatMap((workload) =>
            cases.flatMap((one) =>
                strategies.flatMap((strategy) => {
                    const names = { workload: workload.name, strategy, case: one.name };
                    const found = this.lists.get(key(names));
                    return found === undefined ? [] : [resultRow(names, found)];
                }),
            ),
        );
    }
}

function key(names: Names): string {
    return [names.workload, names.strategy, names.case].join("\n");
}
