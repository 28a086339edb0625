import * as fs from "node:fs";
import * as path from "node:path";
import { StateFile } from "../stateFile";
import type { ExecutionRecord } from "./records";

/** Executions of all pipelines, one file each. */
export class ExecutionStore {
    private readonly executions = new Map<string, ExecutionRecord>();

    /** @param directory folder of the files; created when missing */
    constructor(private readonly directory: string) {
        fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
        for (const name of fs.readdirSync(directory).filter((entry) => entry.endsWith(".json"))) {
            const file = new StateFile<ExecutionRecord | undefined>(path.join(directory, name));
            const record = file.read(undefined);
            if (record !== undefined) this.executions.set(record.id, record);
        }
    }

    /** Records the present state of an execution. */
    save(record: ExecutionRecord): void {
        record.lastUpdateTime = Date.now() / 1000;
        this.executions.set(record.id, record);
        new StateFile<ExecutionRecord>(this.file(record.id)).write(record);
    }

    /** Finds an execution of a pipeline. */
    find(pipeline: string, id: string): ExecutionRecord | undefined {
        const record = this.executions.get(id);
        return record?.pipeline.name === pipeline ? record : undefined;
    }

    /** Lists the executions of a pipeline, or all, the newest first. */
    list(pipeline?: string): ExecutionRecord[] {
        return [...this.executions.values()]
            .filter((record) => pipeline === undefined || record.pipeline.name === pipeline)
            .sort((one, other) => other.startTime - one.startTime);
    }

    /** Removes the executions of a pipeline. */
    forget(pipeline: string): void {
        for (const { id } of this.list(pipeline)) {
            this.executions.delete(id);
            fs.rmSync(this.file(id), { force: true });
        }
    }

    private file(id: string): string {
        return path.join(this.directory, `${id}.json`);
    }
}
