import { createWriteStream } from "node:fs";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { type LogSink, openHost, runBuild, StreamSink, submitBuild, writeLastBuild } from "../aws/codebuild";
import { projectRoot, worldDirectory } from "../paths";
import type { BuildSummary, UpResult } from "../world/stack";
import type { Report } from "../world/toolchain";
import { Fault } from "./command";

/**
 * Runs the CodeBuild project that stack `local` declares on this repository. The build adopts the update's images.
 *
 * @param report function that takes the build's phases
 * @returns undefined when the stack declares no project, or a pipeline that builds
 * @throws Fault when the build does not succeed
 */
export async function runDeclaredBuild(
    { up }: { up: UpResult },
    report: Report,
    signal: AbortSignal,
): Promise<BuildSummary | undefined> {
    const projectName = up.outputs.buildProjectName;
    // A pipeline alone starts the builds of its project.
    if (typeof projectName !== "string" || up.outputs.deliveryPipelineName !== undefined) return undefined;
    const host = await openHost(report, signal);
    const request = { start: { projectName }, sourceDirectory: projectRoot, initiator: "root" };
    const submitted = await submitBuild(request, host);
    const log = path.join(worldDirectory(), "logs", "codebuild.log");
    await fs.rm(log, { force: true });
    const stream = createWriteStream(log, { mode: 0o600 });
    const sinks = [new StreamSink(stream), phasesOf(report)];
    const record = await runBuild(submitted, host, sinks, signal).finally(() => stream.end());
    await writeLastBuild(record);
    signal.throwIfAborted();
    const { id, buildStatus, builderStarted, exportedEnvironmentVariables = [] } = record;
    const shown = path.relative(projectRoot, log);
    if (buildStatus !== "SUCCEEDED") {
        throw new Fault(`The CodeBuild build ${id} ended as ${buildStatus}; its log is in ${shown}.`);
    }
    return {
        id,
        status: buildStatus,
        digest: exportedEnvironmentVariables.find(({ name }) => name === "IMAGE_DIGEST")?.value ?? "",
        builderStarted,
        seconds: Math.round(((record.endTime ?? record.startTime) - record.startTime) * 1000) / 1000,
        log: shown,
    };
}

/** Reports the phases that a build enters. */
function phasesOf(report: Report): LogSink {
    return {
        write: (lines) => {
            const entered = lines.map(({ text }) => /Entering phase (\w+)/.exec(text)?.[1]);
            for (const phase of entered) if (phase !== undefined) report(phase);
            return Promise.resolve();
        },
        close: () => Promise.resolve(),
    };
}
