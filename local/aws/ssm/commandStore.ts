import { existsSync } from "node:fs";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { readJsonFile, writeJsonFile } from "../../machine/jsonFile";
import { isRunning, processStatus } from "../../machine/processes";
import { type CommandRecord, commandSchema, hasEnded } from "./commandRecord";

const commandId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Time (seconds) in which the process of a new command must begin. */
const beginning = 60;

/** Store of one world's commands, one file each. The process that runs a command writes its file. */
export class CommandStore {
    /** @param folder folder of the files, created with the first command */
    constructor(private readonly folder: string) {}

    /** Records a command. */
    async write(record: CommandRecord): Promise<void> {
        await fs.mkdir(this.folder, { recursive: true, mode: 0o700 });
        await writeJsonFile(this.file(record.commandId, "json"), record);
    }

    /** Records a command that this process runs. */
    async writeAsRunner(record: CommandRecord): Promise<void> {
        const runner = { pid: process.pid, startTime: processStatus(process.pid)?.startTime ?? 0 };
        await this.write({ ...record, runner });
    }

    /** Reads a command. @returns undefined for an unknown id */
    async read(id: string): Promise<CommandRecord | undefined> {
        if (!commandId.test(id)) return undefined;
        const read = () => readJsonFile(this.file(id, "json"), commandSchema);
        const record = await read();
        // A process that has ended may have completed its record just before.
        const isOver = record?.runner !== undefined && !isRunning(record.runner);
        const last = isOver ? await read() : record;
        return last && present(last);
    }

    /** Lists all commands, the newest first. */
    async list(): Promise<CommandRecord[]> {
        const names = await fs.readdir(this.folder).catch(() => []);
        const ids = names.filter((name) => name.endsWith(".json")).map((name) => path.basename(name, ".json"));
        const records = await Promise.all(ids.map((id) => this.read(id)));
        return records
            .filter((record) => record !== undefined)
            .sort((a, b) => b.requestedDateTime - a.requestedDateTime);
    }

    /** Asks the process that runs a command to cancel it. */
    async requestCancel(id: string): Promise<void> {
        await fs.writeFile(this.file(id, "cancel"), "", { mode: 0o600 });
    }

    /** Tells whether a caller asked to cancel a command. */
    cancelRequested(id: string): boolean {
        return existsSync(this.file(id, "cancel"));
    }

    /** Names the folder for the scripts of a command. */
    runFolder(id: string, instanceId: string): string {
        return path.join(this.folder, "runs", id, instanceId);
    }

    private file(id: string, extension: string): string {
        return path.join(this.folder, `${id}.${extension}`);
    }
}

/**
 * Returns a command as it is now; a running one whose process is gone counts as failed. A restarted agent on a host reports it so
 * (amazon-ssm-agent, agent/framework/processor/executer/outofproc).
 */
function present(record: CommandRecord): CommandRecord {
    const { runner, requestedDateTime } = record;
    const begins = runner === undefined && Date.now() / 1000 - requestedDateTime < beginning;
    if (hasEnded(record) || begins || (runner !== undefined && isRunning(runner))) return record;
    const message = "document process failed unexpectedly: the agent's process has ended";
    const invocations = record.invocations.map((one) =>
        one.status === "InProgress" || one.status === "Pending"
            ? {
                  ...one,
                  status: "Failed" as const,
                  statusDetails: "Failed",
                  responseCode: 1,
                  stderr: `${one.stderr}${message}\n`,
              }
            : one,
    );
    return { ...record, invocations };
}
