import { parseArgs } from "node:util";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { Listr, PRESET_TIMER } from "listr2";
import { ensureBaseImages } from "../base-images";
import { type ContainerHost, ensureApplicationSecret, registerInstance, startContainerHost } from "../container-host";
import { ensureDatabaseImage } from "../database-image";
import { type DeployResult, ec2Settings, instanceTags, releaseOf, runDeploy, secretName } from "../deployment";
import { readWorld, startWorld, stopWorld, type World } from "../services";
import {
    type BuildSummary,
    type LastRun,
    openLocalStack,
    runUp,
    UpdateLog,
    type UpResult,
    writeLastRun,
} from "../stack";
import { ensureToolchain, type Report, type Toolchain } from "../toolchain";
import { runCommandLine } from "./command";
import { runDeclaredBuild } from "./declaredBuild";
import { deployLine, type PreviewResult, previewSummary, summary } from "./summary";

/** What the steps of a start hand to each other. */
interface Progress {
    toolchain: Toolchain;
    world: World;
    up: UpResult;
    /** The container host, or why there is none. */
    host: ContainerHost | Error;
    databaseImage: string;
    /** How the deploy went; undefined when there was nothing to deploy. */
    deploy: DeployResult | undefined;
    build: BuildSummary | undefined;
    preview: PreviewResult;
    /** End of each step, in milliseconds since the start of the process. */
    ends: { setup: number; services: number; host: number; up: number; build: number };
}

/** `npm start [-- --preview]`: brings the offline world up, runs `pulumi up` of stack `local` and the CodeBuild build that
 * it declares (or only `pulumi preview`). */
void runCommandLine(async (signal) => {
    const { values } = parseArgs({ options: { preview: { type: "boolean", default: false } } });
    const wasRunning = await isWorldRunning();
    const done = await steps(values.preview, signal)
        .run()
        .catch(async (error: unknown) => {
            if (signal.aborted && !wasRunning) await stopWorld((line) => console.error(line));
            throw error;
        });
    if (values.preview) {
        console.log(`\n${previewSummary(done.preview)}`);
        return;
    }
    const run = lastRun(done);
    await writeLastRun(run);
    console.log(`\n${summary(run, deploymentLine(done))}`);
});

/**
 * Deploys what the stack built.
 *
 * @returns undefined when nothing changed and the image is released and serves
 * @throws Error with the script's last lines when that failed
 */
async function deploy(
    { world, toolchain, host, up: { outputs, changes } }: Progress,
    report: Report,
    signal: AbortSignal,
): Promise<DeployResult | undefined> {
    if (host instanceof Error) throw host;
    const isUnchanged = changes.create + changes.update + changes.replace + changes.delete === 0;
    if (isUnchanged && (await releaseOf(String(outputs.imageUri), { outputs, port: host.port })) !== undefined) {
        return undefined;
    }
    await registerInstance(host, world, instanceTags, String(outputs.instanceRoleArn));
    const lines: string[] = [];
    const result = await runDeploy(
        { image: String(outputs.imageUri) },
        { world, toolchain, outputs, port: host.port, signal },
        (line) => {
            lines.push(line);
            report(line);
        },
    );
    if (result.status === "failed") throw new Error(`The deploy failed:\n${lines.slice(-20).join("\n")}`);
    return result;
}

/** Where the application answers, or why it does not. */
function deploymentLine({ host, deploy }: Progress): string {
    if (host instanceof Error) return `Not deployed: ${host.message}`;
    return deploy === undefined
        ? `http://127.0.0.1:${host.port} is ready; it runs this image already.`
        : deployLine(deploy);
}

function isWorldRunning(): Promise<boolean> {
    return readWorld().then(
        () => true,
        () => false,
    );
}

function steps(isPreview: boolean, signal: AbortSignal): Listr<Progress> {
    return new Listr<Progress>(
        [
            {
                title: "Tools",
                task: async (context, task) => {
                    context.toolchain = await ensureToolchain((line) => (task.output = line), signal);
                    context.ends = { setup: performance.now(), services: 0, host: 0, up: 0, build: 0 };
                },
            },
            {
                title: "Services",
                task: async (context, task) => {
                    const { toolchain } = context;
                    context.world = await startWorld(toolchain, (line) => (task.output = line), signal);
                },
            },
            {
                title: "Base images",
                task: async (context, task) => {
                    const { toolchain, world } = context;
                    await ensureBaseImages({ toolchain, world, signal }, (line) => (task.output = line));
                    context.ends.services = performance.now();
                },
            },
            {
                title: "Container host",
                task: async (context, task) => {
                    const report = (line: string) => (task.output = line);
                    const { toolchain, world } = context;
                    try {
                        context.host = await startContainerHost(toolchain, world, report, signal);
                        context.databaseImage = await ensureDatabaseImage({ toolchain, world, signal }, report);
                        await ensureApplicationSecret(world, secretName);
                    } catch (error) {
                        signal.throwIfAborted();
                        context.host = error as Error;
                        task.skip(context.host.message);
                    }
                    context.ends.host = performance.now();
                },
            },
            {
                title: isPreview ? "pulumi preview" : "pulumi up",
                task: async (context, task) => {
                    const report = (line: string) => (task.output = line);
                    const { host, databaseImage, world } = context;
                    const settings = host instanceof Error ? {} : ec2Settings(host, databaseImage, world);
                    const stack = await openLocalStack({ ...context, settings });
                    if (isPreview) {
                        const started = performance.now();
                        const log = new UpdateLog(report);
                        const onEvent = (event: EngineEvent) => log.add(event);
                        const { changeSummary } = await stack.preview({ onEvent, signal, suppressProgress: true });
                        const seconds = (performance.now() - started) / 1000;
                        context.preview = { changes: changeSummary, warnings: log.warnings, seconds };
                    } else {
                        context.up = await runUp(stack, context, report, signal);
                    }
                    context.ends.up = performance.now();
                },
            },
            {
                title: "CodeBuild",
                enabled: !isPreview,
                task: async (context, task) => {
                    context.build = await runDeclaredBuild(context, (line) => (task.output = line), signal);
                    context.ends.build = performance.now();
                },
            },
            {
                title: "Deploy",
                skip: ({ host }) => isPreview || host instanceof Error,
                task: async (context, task) => {
                    context.deploy = await deploy(context, (line) => (task.output = line), signal);
                    if (context.deploy === undefined) task.skip("The image runs already.");
                },
            },
        ],
        {
            fallbackRenderer: "simple",
            // Ctrl-C ends the steps through their signal, so that they can clean up.
            registerSignalListeners: false,
            rendererOptions: { timer: PRESET_TIMER, collapseSubtasks: false },
            fallbackRendererOptions: { timer: PRESET_TIMER },
        },
    );
}

function lastRun({ up, build, ends }: Progress): LastRun {
    const end = performance.now();
    const seconds = (milliseconds: number) => Math.round(milliseconds) / 1000;
    return {
        stack: "local",
        changes: up.changes,
        outputs: up.outputs,
        images: up.images,
        build,
        seconds: {
            setup: seconds(ends.setup),
            services: seconds(ends.services - ends.setup),
            host: seconds(ends.host - ends.services),
            up: up.seconds,
            build: seconds(ends.build - ends.up),
            deploy: seconds(end - ends.build),
            total: seconds(end),
        },
    };
}
