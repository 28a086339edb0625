import { execFileSync } from "node:child_process";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import {
    type BuildHost,
    type BuildRecord,
    BuildStore,
    type LogSink,
    runBuild,
    submitBuild,
    type WebhookEvent,
} from "../../local/aws/codebuild";
import { buildsDirectory } from "../../local/aws/codebuild/buildStore";
import { projectRoot, worldDirectory } from "../../local/paths";
import type { Bytes } from "../../local/aws/gateway/registry/traffic";
import { readTraffic, trafficOf } from "../../local/world/stack/traffic";
import { awsClients, type EngineWorld } from "../support/engineWorld";

/** Settings of a build besides its project's. */
export interface RunOptions {
    /** Name of the project. @default - the one that pushes */
    projectName?: string;
    /** Text of a buildspec instead of the project's. @default - the project's */
    buildspec?: string;
    /** Variables of the start of the build. */
    variables?: Record<string, string>;
    /** Files that replace those of the source, by their path below the contexts. */
    changed?: Record<string, string>;
    /** Function that changes the source in other ways. @param contexts the folder of all contexts in it @param source its root */
    prepare?: (contexts: string, source: string) => void;
    /** Files and folders that the source lacks, by their path below the contexts. */
    removed?: string[];
    /** Event that starts the build. @default - none */
    webhook?: WebhookEvent;
    /** Whether the source is a commit of a repository. @default false */
    isCommit?: boolean;
    /** Whether only its owner may read the source, as under umask 077. @default false */
    isPrivate?: boolean;
    /** Absolute path of a folder to take as the source. @default - a copy of the contexts, with the differences above */
    sourceDirectory?: string;
}

/** Differences of a source from the contexts. */
type SourceOptions = Pick<RunOptions, "changed" | "prepare" | "removed" | "isCommit" | "isPrivate">;

/** Result of a build. */
export interface Run {
    build: BuildRecord;
    succeeded: boolean;
    log: string;
    exported: Record<string, string>;
    /** JSON files of the artifacts by name. */
    artifacts: Record<string, unknown>;
    /** Line of metrics. */
    metrics: Record<string, number>;
    /** Bytes between builder and the repository of the first image. */
    bytes: Bytes;
}

/** Runs the CodeBuild project that a stack declares on a copy of the contexts, as `npm run codebuild` does. */
export async function runProject(
    engine: EngineWorld,
    outputs: Record<string, string>,
    {
        projectName,
        buildspec,
        variables = {},
        changed = {},
        prepare,
        removed = [],
        webhook,
        isCommit = false,
        isPrivate = false,
        ...options
    }: RunOptions = {},
): Promise<Run> {
    const { world } = engine;
    const host = buildHost(engine);
    const sourceDirectory =
        options.sourceDirectory ?? (await writeSource({ changed, prepare, removed, isCommit, isPrivate }));
    const environmentVariablesOverride = Object.entries(variables).map(([name, value]) => ({ name, value }));
    const start = {
        projectName: projectName ?? outputs.buildProjectName!,
        buildspecOverride: buildspec,
        environmentVariablesOverride,
    };
    const lines: string[] = [];
    const sink: LogSink = {
        write: (added) => Promise.resolve(void lines.push(...added.map(({ text }) => text))),
        close: () => Promise.resolve(),
    };
    const before = await readTraffic(world);
    const submitted = await submitBuild({ start, sourceDirectory, initiator: "test", webhook }, host);
    const build = await runBuild(submitted, host, [sink], new AbortController().signal);
    if (options.sourceDirectory === undefined) await fs.rm(sourceDirectory, { recursive: true });
    const repository = outputs.repositoryUrl!.slice(outputs.repositoryUrl!.indexOf("/") + 1);
    const metrics = lines.find((line) => line.startsWith('{"_aws"'));
    return {
        build,
        succeeded: build.buildStatus === "SUCCEEDED",
        log: lines.join("\n"),
        exported: Object.fromEntries(
            (build.exportedEnvironmentVariables ?? []).map(({ name, value }) => [name!, value!] as const),
        ),
        artifacts: await readArtifacts(engine, build.artifacts?.location ?? ""),
        metrics: metrics === undefined ? {} : (JSON.parse(metrics) as Record<string, number>),
        bytes: trafficOf(repository, before, await readTraffic(world)),
    };
}

/** Makes the machine that builds of the engine tests run on. */
export function buildHost({ toolchain, world }: EngineWorld): BuildHost {
    return { toolchain, world, directory: worldDirectory(), store: new BuildStore(buildsDirectory()) };
}

/** Writes a source with the contexts of all tests. @returns its folder */
export async function writeSource({ changed, prepare, removed, isCommit, isPrivate }: SourceOptions): Promise<string> {
    const folder = await fs.mkdtemp(path.join(worldDirectory(), "source-"));
    const contexts = path.join(worldDirectory(), "contexts");
    await fs.cp(contexts, path.join(folder, sourcePath("")), { recursive: true, verbatimSymlinks: true });
    for (const [file, content] of Object.entries(changed ?? {})) {
        await fs.writeFile(path.join(folder, sourcePath(file)), content);
    }
    prepare?.(path.join(folder, sourcePath("")), folder);
    for (const one of removed ?? []) await fs.rm(path.join(folder, sourcePath(one)), { recursive: true });
    if (isPrivate) execFileSync("chmod", ["--recursive", "go-rwx", folder]);
    if (isCommit) {
        const git = (...args: string[]) => execFileSync("git", ["-C", folder, ...args], { stdio: "ignore" });
        git("init");
        git("add", "--all");
        git("-c", "user.name=test", "-c", "user.email=test@example.org", "commit", "--message", "source");
    }
    return folder;
}

/** Makes the path in the source of a path below the contexts. */
function sourcePath(file: string): string {
    return path.join(path.relative(projectRoot, worldDirectory()), "contexts", file);
}

/** Reads the artifacts of a build. @param location ARN of the folder of the artifacts; empty where a build has none */
async function readArtifacts(engine: EngineWorld, location: string): Promise<Record<string, unknown>> {
    if (location === "") return {};
    const { s3 } = awsClients(engine);
    const [, Bucket, Prefix] = /^arn:aws:s3:::([^/]+)\/(.*)$/.exec(location)!;
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: `${Prefix}/` }));
    const json = Contents.filter(({ Key = "" }) => Key.endsWith(".json"));
    const entries = json.map(async ({ Key }) => {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
        return [Key!.slice(Prefix!.length + 1), JSON.parse(await Body!.transformToString()) as unknown] as const;
    });
    return Object.fromEntries(await Promise.all(entries));
}
