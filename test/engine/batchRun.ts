import * as fs from "node:fs/promises";
import { runBatch } from "../../local/aws/codebuild";
import type { EngineWorld } from "../support/engineWorld";
import { buildHost, writeSource } from "./projectRun";

/** Result of a batch's task. */
export interface TaskRun {
    identifier: string;
    status: string | undefined;
    builderStarted: boolean | undefined;
    /** Number of images that the task built, by its line of metrics. */
    ImagesBuilt: number | undefined;
    /** ARNs of the task's reports. */
    reportArns: string[];
    log: string;
}

/**
 * Runs the batch that a stack declares on a copy of the contexts.
 *
 * @param changed files that replace those of the source, by their path below the contexts
 */
export async function runProjectBatch(
    engine: EngineWorld,
    outputs: Record<string, string>,
    changed: Record<string, string>,
): Promise<TaskRun[]> {
    const sourceDirectory = await writeSource({ changed });
    const start = { projectName: outputs.buildProjectName! };
    const logs: Record<string, string[]> = {};
    const record = await runBatch(
        { start, sourceDirectory, initiator: "test" },
        buildHost(engine),
        (identifier) => [
            {
                write: (lines) =>
                    Promise.resolve(void (logs[identifier] ??= []).push(...lines.map(({ text }) => text))),
                close: () => Promise.resolve(),
            },
        ],
        new AbortController().signal,
    );
    await fs.rm(sourceDirectory, { recursive: true });
    const builds = await buildHost(engine).store.list(outputs.buildProjectName);
    return record.buildGroups.map(({ identifier, currentBuildSummary }) => {
        const build = builds.find(({ arn }) => arn === currentBuildSummary!.arn)!;
        const log = (logs[identifier] ?? []).join("\n");
        const metrics = /^\{"_aws".*$/m.exec(log)?.[0] ?? "{}";
        const { ImagesBuilt } = JSON.parse(metrics) as Record<string, number>;
        return {
            identifier,
            status: currentBuildSummary!.buildStatus,
            builderStarted: build.builderStarted,
            ImagesBuilt,
            reportArns: build.reportArns ?? [],
            log,
        };
    });
}
