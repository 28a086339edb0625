import { parseArgs } from "node:util";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { Listr, PRESET_TIMER } from "listr2";
import { ensureBaseImages } from "../base-images";
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
import { ensureToolchain, type Toolchain } from "../toolchain";
import { runCommandLine } from "./command";
import { runDeclaredBuild } from "./declaredBuild";
import { type PreviewResult, previewSummary, summary } from "./summary";

/** What the steps of a start hand to each other. */
interface Progress {
    toolchain: Toolchain;
    world: World;
    up: UpResult;
    build: BuildSummary | undefined;
    preview: PreviewResult;
    /** End of each step, in milliseconds since the start of the process. */
    ends: { setup: number; services: number; up: number };
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
    console.log(`\n${summary(run)}`);
});

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
                    context.ends = { setup: performance.now(), services: 0, up: 0 };
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
                title: isPreview ? "pulumi preview" : "pulumi up",
                task: async (context, task) => {
                    const report = (line: string) => (task.output = line);
                    const stack = await openLocalStack(context);
                    if (isPreview) {
                        const started = performance.now();
                        const log = new UpdateLog(report);
                        const onEvent = (event: EngineEvent) => log.add(event);
                        const { changeSummary } = await stack.preview({ onEvent, signal, suppressProgress: true });
                        const seconds = (performance.now() - started) / 1000;
                        context.preview = { changes: changeSummary, warnings: log.warnings, seconds };
                    } else {
                        context.up = await runUp(stack, context.world, report, signal);
                    }
                    context.ends.up = performance.now();
                },
            },
            {
                title: "CodeBuild",
                enabled: !isPreview,
                task: async (context, task) => {
                    context.build = await runDeclaredBuild(context, (line) => (task.output = line), signal);
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
            up: up.seconds,
            build: seconds(end - ends.up),
            total: seconds(end),
        },
    };
}
