import { readdirSync, readFileSync } from "node:fs";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { CodeBuildClient } from "@aws-sdk/client-codebuild";
import { ECRClient } from "@aws-sdk/client-ecr";
import { IAMClient } from "@aws-sdk/client-iam";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SSMClient } from "@aws-sdk/client-ssm";
import type { EngineEvent, Stack } from "@pulumi/pulumi/automation";
import { requireCurrentTools } from "../../local/commands/buildTools";
import { ensureBaseImages } from "../../local/world/base-images";
import { projectRoot, worldDirectory } from "../../local/paths";
import { emptyBuilder as emptyWorldBuilder, startWorld, stopWorld, type World } from "../../local/world/services";
import { worldLayout } from "../../local/world/services/layout";
import { stopService } from "../../local/world/services/records";
import { openLocalStack, runUp, untilRejected, type UpResult } from "../../local/world/stack";
import { ensureToolchain, type Toolchain } from "../../local/world/toolchain";
import { engineWorldFolder } from "./engineWorldFixtures";

/** Running services of the engine tests. */
export interface EngineWorld {
    toolchain: Toolchain;
    world: World;
}

let running: Promise<EngineWorld> | undefined;

/** Starts the services of the engine tests, with the small base image, once for all test files of this process. */
export function engineWorld(): Promise<EngineWorld> {
    // A world of its own, so that the one of `npm start` is not touched.
    process.env.CACHED_IMAGE_PIPELINE_WORLD = engineWorldFolder;
    running ??= start();
    return running;
}

async function start(): Promise<EngineWorld> {
    // Builds would run what is committed, and not what the developer has changed.
    requireCurrentTools();
    const report = (line: string) => console.log(`      ${line}`);
    const toolchain = await ensureToolchain(report);
    await stopWorld(report);
    await fs.rm(worldDirectory(), { recursive: true, force: true });
    const world = await startWorld(toolchain, report);
    const dockerfile = path.join(worldDirectory(), "Dockerfile.base");
    await fs.writeFile(dockerfile, layeredFiles("").Dockerfile!);
    await ensureBaseImages({ toolchain, world, dockerfile }, report);
    return { toolchain, world };
}

/** Makes clients of the emulated AWS, as its administrator. */
export function awsClients({ world }: EngineWorld) {
    const { endpoint, region, accessKeyId, secretAccessKey } = world;
    const settings = { endpoint, region, credentials: { accessKeyId, secretAccessKey } };
    return {
        ecr: new ECRClient(settings),
        s3: new S3Client({ ...settings, forcePathStyle: true }),
        ssm: new SSMClient(settings),
        iam: new IAMClient(settings),
        codebuild: new CodeBuildClient(settings),
        logs: new CloudWatchLogsClient(settings),
        secretsManager: new SecretsManagerClient(settings),
    };
}

/** Names the folder of all contexts, which builds of CodeBuild have as their source. */
const contextsDirectory = () => path.join(worldDirectory(), "contexts");

/** Removes all contexts, for tests that write contexts that no source can hold. */
export async function removeContexts(): Promise<void> {
    await fs.rm(contextsDirectory(), { recursive: true, force: true });
}

/** Writes a build context. @returns its path for the setting `images[].context` */
export async function writeContext(name: string, files: Record<string, string>): Promise<string> {
    const folder = path.join(contextsDirectory(), name);
    for (const [file, content] of Object.entries(files)) {
        const location = path.join(folder, file);
        await fs.mkdir(path.dirname(location), { recursive: true });
        await fs.writeFile(location, content);
    }
    return path.relative(projectRoot, folder);
}

/** Size of the layer that stands for an application's dependencies. */
export const dependencyBytes = 20_000_000;

/** Makes an application like an interpreted one: tools, incompressible dependencies built by a stage, then the code. */
export function layeredFiles(code: string): Record<string, string> {
    return {
        Dockerfile: [
            "ARG BASE_REGISTRY",
            "FROM ${BASE_REGISTRY}/busybox:1.37-musl AS build",
            "COPY requirements.txt /requirements.txt",
            `RUN head -c ${dependencyBytes} /dev/urandom > /dependencies`,
            "FROM ${BASE_REGISTRY}/busybox:1.37-musl",
            "WORKDIR /app",
            "COPY --from=build /dependencies /opt/dependencies",
            "COPY --link app/ /app/",
            "",
        ].join("\n"),
        "requirements.txt": "one==1\n",
        "app/main.py": code,
    };
}

/** Makes an image of one file, the quickest build that exists. */
export function singleFile(content: string): Record<string, string> {
    return { Dockerfile: "FROM scratch\nCOPY --link file /file\n", file: content };
}

/** Stack of the program with its own name, so that tests do not interfere. */
export class TestStack {
    private constructor(
        private readonly engine: EngineWorld,
        readonly stack: Stack,
    ) {}

    /** @param settings settings of the stack besides those of Pulumi.local.yaml */
    static async open(
        engine: EngineWorld,
        stackName: string,
        settings: Record<string, unknown>,
        program?: () => Promise<Record<string, unknown>>,
    ): Promise<TestStack> {
        return new TestStack(engine, await openLocalStack({ ...engine, stackName, settings, program }));
    }

    up(signal?: AbortSignal, report: (line: string) => void = () => undefined): Promise<UpResult> {
        return runUp(this.stack, this.engine, report, signal);
    }

    async preview(): Promise<Record<string, number>> {
        const preview = (signal: AbortSignal) => this.stack.preview({ signal, suppressProgress: true });
        return (await untilRejected(undefined, preview)).changeSummary;
    }

    async destroy(): Promise<void> {
        await this.stack.destroy({ suppressProgress: true });
    }

    /** Refreshes the stack. @returns the engine's counts */
    async refresh(): Promise<Record<string, number>> {
        let counts: Record<string, number> = {};
        const onEvent = ({ summaryEvent }: EngineEvent) => {
            if (summaryEvent) counts = summaryEvent.resourceChanges;
        };
        await this.stack.refresh({ onEvent, suppressProgress: true });
        return counts;
    }

    /** Reads the state on disk (an export would show secrets in plain), its resources, and the types of pending ones. */
    async state(): Promise<{ text: string; resources: { type: string; urn: string }[]; pending: string[] }> {
        const file = path.join("data/state/.pulumi/stacks/cached-image-pipeline", `${this.stack.name}.json`);
        const text = await fs.readFile(path.join(worldDirectory(), file), "utf8");
        const { latest } = (JSON.parse(text) as { checkpoint: { latest: Deployment } }).checkpoint;
        const pending = (latest.pending_operations ?? []).map((operation) => operation.resource.type);
        return { text, resources: latest.resources ?? [], pending };
    }
}

/** Parts of a state file that tests read. */
interface Deployment {
    resources?: { type: string; urn: string }[];
    pending_operations?: { resource: { type: string } }[];
}

/** Removes all data of the builder, as if it ran on a fresh host. A builder that keeps holding data is replaced. */
export async function emptyBuilder({ toolchain, world }: EngineWorld): Promise<void> {
    try {
        await emptyWorldBuilder(world, toolchain);
    } catch (error) {
        console.log(`      ${(error as Error).message.split("\n")[0]} …: it is started anew`);
        const layout = worldLayout(worldDirectory());
        await stopService(layout, "buildkitd");
        await fs.rm(layout.buildkitData, { recursive: true });
        await startWorld(toolchain, () => undefined);
    }
}

/** Makes all registry tokens issued so far expire, as twelve hours would. */
export async function expireRegistryTokens({ toolchain }: EngineWorld): Promise<void> {
    const layout = worldLayout(worldDirectory());
    await stopService(layout, "gateway");
    const file = path.join(layout.gatewayState, "tokens.json");
    const tokens = JSON.parse(await fs.readFile(file, "utf8")) as Record<string, { expiresAt: number }>;
    for (const token of Object.values(tokens)) token.expiresAt = Date.now() - 1;
    await fs.writeFile(file, JSON.stringify(tokens));
    await startWorld(toolchain, () => undefined);
}

/** Kills the Pulumi engine that this process started and the engine's own children, and nothing else, as a power cut would. */
export function killEngine(): void {
    const engines = childrenOf(process.pid).filter((pid) => readProcess(pid, "comm") === "pulumi");
    for (const pid of engines.flatMap((engine) => [engine, ...childrenOf(engine)])) process.kill(pid, "SIGKILL");
}

function childrenOf(pid: number): number[] {
    const threads = readdirSync(`/proc/${pid}/task`);
    return threads.flatMap((thread) =>
        readProcess(pid, `task/${thread}/children`).split(" ").filter(Boolean).map(Number),
    );
}

function readProcess(pid: number, file: string): string {
    return readFileSync(`/proc/${pid}/${file}`, "utf8").trim();
}
