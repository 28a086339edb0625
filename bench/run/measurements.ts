import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { ResultRow } from "../report/result";
import type { Measurement } from "./chain";
import { resultRow } from "./resultRow";

/** Names that identify a measurement. */
export type Names = Pick<ResultRow, "workload" | "strategy" | "case">;

/** Content of the file. */
interface Kept {
    /** Measured subject; only measurements of one subject belong together. */
    subject: string;
    lists: [key: string, measurements: KeptMeasurement[]][];
}

/** Measurement with its end. */
interface KeptMeasurement extends Measurement {
    /** Time at which the measurement was added: ISO 8601, UTC. */
    added: string;
}

/** Measurements of all runs. Each is written to a file at once, so that an ended benchmark can be continued. */
export class Measurements {
    private constructor(
        private readonly file: string,
        private readonly subject: string,
        private readonly lists: Map<string, KeptMeasurement[]>,
    ) {}

    /** Starts an empty collection. @param subject measured subject: options and sources */
    static begin(file: string, subject: string): Measurements {
        return new Measurements(file, subject, new Map());
    }

    /**
     * Continues the measurements of an ended benchmark.
     *
     * @throws Error in one sentence where there is none, or one of another subject
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

    /** Counts the measurements of one name. */
    count(names: Names): number {
        return this.lists.get(key(names))?.length ?? 0;
    }

    /** Adds measurements that belong together, and writes the file: all of them are kept, or none. */
    async add(measured: [Names, Measurement][]): Promise<void> {
        const added = new Date().toISOString();
        for (const [names, measurement] of measured) {
            this.lists.set(key(names), [...(this.lists.get(key(names)) ?? []), { ...measurement, added }]);
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
     * Lists a row for each measured case and strategy of a workload, in the order of the tables.
     *
     * @param workload name of the workload
     * @param cases names, in their order
     * @param strategies names, in their order
     */
    rows(workload: string, cases: string[], strategies: string[]): ResultRow[] {
        return cases.flatMap((one) =>
            strategies.flatMap((strategy) => {
                const names = { workload, strategy, case: one };
                const found = this.lists.get(key(names));
                return found === undefined ? [] : [resultRow(names, found)];
            }),
        );
    }

    /** Finds the end of the last measurement of a workload: ISO 8601, UTC. */
    lastOf(workload: string): string | undefined {
        const lists = [...this.lists].filter(([names]) => names.startsWith(`${workload}\n`)).map(([, list]) => list);
        return lists
            .flatMap((list) => list.map(({ added }) => added))
            .sort()
            .at(-1);
    }
}

function key(names: Names): string {
    return [names.workload, names.strategy, names.case].join("\n");
}
