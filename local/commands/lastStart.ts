import * as fs from "node:fs/promises";
import * as path from "node:path";
import { z } from "zod";
import { releaseOf } from "../world/deployment/runDeploy";
import { projectRoot, worldDirectory } from "../paths";
import { readJsonFile, writeJsonFile } from "../machine/jsonFile";
import { worldLayout } from "../world/services/layout";
import { lastRunFile } from "../world/stack/lastRun";
import { systemCertificates } from "../world/stack/systemCertificates";
import { differences, type Inputs, readInputs, readResults } from "./fingerprint";

const hashes = z.record(z.string(), z.string().optional());

const recordSchema = z.object({
    /** End of the start: ISO 8601, UTC. */
    time: z.string(),
    inputs: hashes,
    results: hashes,
    /** Absolute paths of the tools. */
    tools: z.array(z.string()),
    /** Port of the application on 127.0.0.1. */
    port: z.number(),
});

/** Start without an effect: end of the last whole start (ISO 8601, UTC), reference of the running image, port of the application. */
export type Unchanged = NonNullable<Awaited<ReturnType<typeof unchangedSince>>>;

const file = () => path.join(worldDirectory(), "last-start.json");

/** Reads the inputs of a start before it begins, to be recorded after its success; later changes then count as changes. */
export function inputsOfStart(): Inputs {
    return readInputs(projectRoot, worldDirectory(), process.env, systemCertificates);
}

/** Records a successful start, deploy included. */
export async function recordStart(inputs: Inputs, tools: string[], port: number): Promise<void> {
    const results = await readResults(worldLayout(worldDirectory()), tools);
    await writeJsonFile(file(), { time: new Date().toISOString(), inputs, results, tools, port });
}

/** Forgets the last start, since the next one may change results before it ends. */
export async function forgetStart(): Promise<void> {
    await fs.rm(file(), { force: true });
}

/**
 * Compares the last start with the inputs of the next one.
 *
 * @returns undefined when anything has changed, or might have: then only a whole start can tell
 */
export async function unchangedSince(inputs: Inputs) {
    const last = await readJsonFile(file(), recordSchema);
    if (last === undefined || differences(last.inputs as unknown as Inputs, inputs).length > 0) return undefined;
    const results = await readResults(worldLayout(worldDirectory()), last.tools);
    if (differences(last.results as unknown as typeof results, results).length > 0) return undefined;
    const { outputs } = JSON.parse(await fs.readFile(lastRunFile(), "utf8")) as { outputs: Record<string, unknown> };
    const image = String(outputs.imageUri);
    const { time, port } = last;
    return (await releaseOf(image, { outputs, port })) && { time, image, port };
}
