import * as fs from "node:fs/promises";
import * as path from "node:path";
import { GetLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
    BatchGetBuildsCommand,
    BatchGetProjectsCommand,
    type Build,
    StartBuildCommand,
    type StartBuildCommandInput,
    StopBuildCommand,
} from "@aws-sdk/client-codebuild";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { zipFiles } from "../../aws/codebuild/zip";
import { projectRoot } from "../../paths";
import { waitFor } from "../../machine/waitFor";
import type { SmokeClients } from "./account";

/** Interval (milliseconds) between requests to AWS, and deadlines: a build may wait and run, its log may be late. */
const asking = { interval: 1_000, build: 95 * 60_000, log: 60_000 };

/** Counters in a build's line of metrics. */
export type BuildMetrics = Record<"ImagesAdopted" | "ImagesBuilt" | "StepsCached" | "StepsRun", number>;

/**
 * Uploads a folder of the repository into the bucket of a project's cached folders, which the project's role may read.
 *
 * @param folder folder below the repository's root, from which paths in the archive start
 * @returns location of the source for a build
 */
export async function uploadSource(
    { codebuild, s3 }: Pick<SmokeClients, "codebuild" | "s3">,
    projectName: string,
    folder: string,
): Promise<Pick<StartBuildCommandInput, "sourceTypeOverride" | "sourceLocationOverride">> {
    const { projects = [] } = await codebuild.send(new BatchGetProjectsCommand({ names: [projectName] }));
    const location = `${projects[0]?.cache?.location}/smoke/source.zip`;
    const slash = location.indexOf("/");
    const [Bucket, Key] = [location.slice(0, slash), location.slice(slash + 1)];
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: await archiveOf(folder) }));
    return { sourceTypeOverride: "S3", sourceLocationOverride: location };
}

async function archiveOf(folder: string): Promise<Buffer> {
    const entries = await fs.readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((one) => one.isFile()).map((one) => path.join(one.parentPath, one.name));
    return zipFiles(files.sort().map((location) => ({ location, name: path.relative(projectRoot, location) })));
}

/**
 * Starts a build and waits for its end; stops it when aborted.
 *
 * @throws Error with the failed phase's own message when it does not succeed
 */
export async function runBuild(
    { codebuild }: Pick<SmokeClients, "codebuild">,
    start: StartBuildCommandInput,
    report: (line: string) => void,
    signal: AbortSignal,
): Promise<Build> {
    const { build: started } = await codebuild.send(new StartBuildCommand(start));
    const id = started!.id!;
    const ended = async () => {
        const { builds = [] } = await codebuild.send(new BatchGetBuildsCommand({ ids: [id] }));
        report(`build ${id}: ${builds[0]?.currentPhase}`);
        return builds[0]?.buildComplete ? builds[0] : undefined;
    };
    const build = await waitFor(ended, asking.build, signal, asking.interval).catch(async (error: Error) => {
        await codebuild.send(new StopBuildCommand({ id }));
        throw error;
    });
    if (build?.buildStatus === "SUCCEEDED") return build;
    const failed = build?.phases?.find(({ phaseStatus = "SUCCEEDED" }) => phaseStatus !== "SUCCEEDED");
    const reason = failed?.contexts?.map(({ message }) => message).join(" ") ?? "";
    throw new Error(`build ${id} ended as ${build?.buildStatus}, in ${failed?.phaseType}: ${reason}`);
}

/** Returns the variables that a build exported. */
export function exported({ exportedEnvironmentVariables = [] }: Build): Record<string, string> {
    return Object.fromEntries(exportedEnvironmentVariables.map(({ name = "", value = "" }) => [name, value]));
}

/** Reads the line of metrics in a build's log, which CloudWatch may get after the build's end. @throws one sentence without it */
export async function metricsOf({ logs }: Pick<SmokeClients, "logs">, build: Build): Promise<BuildMetrics> {
    const input = { logGroupName: build.logs?.groupName, logStreamName: build.logs?.streamName };
    const find = async () => {
        const { events = [] } = await logs.send(new GetLogEventsCommand(input));
        return events.map(({ message = "" }) => message).find((message) => message.includes('"ImagesAdopted"'));
    };
    const line = await waitFor(find, asking.log, undefined, asking.interval);
    if (line === undefined) throw new Error(`the log of ${build.id} has no line of metrics.`);
    return JSON.parse(line) as BuildMetrics;
}
