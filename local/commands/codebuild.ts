import * as fs from "node:fs/promises";
import * as path from "node:path";
import {
    type BuildHost,
    type BuildRequest,
    openHost,
    parseCommandLine,
    runBatch,
    runBuild,
    StreamSink,
    submitBuild,
    writeLastBuild,
} from "../aws/codebuild";
import { projectRoot } from "../paths";
import { lastRunFile } from "../world/stack/lastRun";
import { runCommandLine } from "./command";
import { declaredProject } from "./declaredProject";

/**
 * Runs `npm run codebuild -- [options]`: a CodeBuild project of the offline world builds a source folder. The build's log goes to standard
 * output, all other messages to standard error. The record of the build goes to codebuild/last.json in the world's folder.
 */
void runCommandLine(async (signal) => {
    const { project, source, batch: isBatch, request: asked } = parseCommandLine(process.argv.slice(2));
    const host = await openHost((line) => console.error(line), signal);
    const projectName = project ?? declaredProject(await stackOutputs(), asked.webhook?.event);
    const sourceDirectory = path.resolve(source ?? projectRoot);
    const request = { ...asked, start: { ...asked.start, projectName }, sourceDirectory };
    const { record, status } = await (isBatch ? batch : single)(request, host, signal);
    await writeLastBuild(record);
    console.error(`${record.id} ${status}`);
    if (status !== "SUCCEEDED") process.exitCode = 1;
});

async function single(request: BuildRequest, host: BuildHost, signal: AbortSignal) {
    const record = await runBuild(await submitBuild(request, host), host, [new StreamSink(process.stdout)], signal);
    return { record, status: record.buildStatus };
}

async function batch(request: BuildRequest, host: BuildHost, signal: AbortSignal) {
    const sinks = (identifier: string) => [new StreamSink(process.stdout, `${identifier}: `)];
    const record = await runBatch(request, host, sinks, signal);
    return { record, status: record.buildBatchStatus };
}

/** Reads the outputs of stack `local`; none before the first start. */
async function stackOutputs(): Promise<Record<string, unknown>> {
    const text = await fs.readFile(lastRunFile(), "utf8").catch(() => "{}");
    const { outputs = {} } = JSON.parse(text) as { outputs?: Record<string, unknown> };
    return outputs;
}
