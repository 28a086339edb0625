import * as fs from "node:fs/promises";
import { z } from "zod";
import { readJsonFile, writeJsonFile } from "../../machine/jsonFile";
import { recordFile, serviceNames, type ServiceName, type WorldLayout } from "./layout";
import { endSession, isRunning } from "../../machine/processes";

const recordSchema = z.object({
    service: z.enum(serviceNames),
    pid: z.number().int().positive(),
    startTime: z.number().int().nonnegative(),
    port: z.number().int().optional(),
    stamp: z.string(),
});

/** Record of a process that was started for a service. It counts only while that very process runs. */
export type ServiceRecord = z.infer<typeof recordSchema>;

/** Reads the record of a service whose process is running. @returns undefined when there is none */
export async function runningRecord(layout: WorldLayout, service: ServiceName): Promise<ServiceRecord | undefined> {
    const record = await readJsonFile(recordFile(layout, service), recordSchema);
    return record !== undefined && isRunning(record) ? record : undefined;
}

/** Reads the records of all services whose processes are running. */
export async function runningRecords(layout: WorldLayout): Promise<ServiceRecord[]> {
    const records = await Promise.all(serviceNames.map((service) => runningRecord(layout, service)));
    return records.filter((record) => record !== undefined);
}

/** Records a service's process. */
export async function writeRecord(layout: WorldLayout, record: ServiceRecord): Promise<void> {
    await writeJsonFile(recordFile(layout, record.service), record);
}

/** Ends a service's recorded process, if it is running, and removes the record. */
export async function stopService(layout: WorldLayout, service: ServiceName): Promise<void> {
    const record = await runningRecord(layout, service);
    if (record) await endSession(record);
    await removeRecord(layout, service);
}

/** Removes a service's record, whatever its content. */
export async function removeRecord(layout: WorldLayout, service: ServiceName): Promise<void> {
    await fs.rm(recordFile(layout, service), { force: true });
}
