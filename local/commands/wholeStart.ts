import { readWorld, stopWorld } from "../world/services";
import { type LastRun, writeLastRun } from "../world/stack";
import { requireCurrentTools } from "./buildTools";
import type { Inputs } from "./fingerprint";
import { forgetStart, recordStart } from "./lastStart";
import { addPreparation } from "./startSteps";
import { Steps } from "./steps";
import { deployLine, previewSummary, summary } from "./summary";
import { addPreview, addUpdate } from "./updateSteps";

/** Starts the offline world and previews the next update of stack `local`. */
export async function preview(signal: AbortSignal): Promise<void> {
    const { added } = await run(signal, (steps) => ({ previewed: addPreview(steps, addPreparation(steps)) }));
    console.log(`\n${previewSummary(await added.previewed)}`);
}

/**
 * Starts the offline world, updates stack `local`, builds on CodeBuild and deploys.
 *
 * @param inputs inputs as they were before any other file was read
 * @throws the failure of the first step that failed, or the CodeBuild build's after all other steps
 */
export async function start(inputs: Inputs, signal: AbortSignal): Promise<void> {
    await forgetStart();
    const { steps, added } = await run(signal, (steps) => {
        const preparation = addPreparation(steps);
        return { preparation, update: addUpdate(steps, preparation) };
    });
    const { preparation, update } = added;
    const { changes, outputs, images } = await update.up;
    const [host, build, deploy] = [await preparation.host, await update.build, await update.deploy];
    const finished: LastRun = {
        stack: "local",
        changes,
        outputs,
        images,
        build: build instanceof Error ? undefined : build,
        seconds: secondsOf(steps),
    };
    await writeLastRun(finished);
    const isDeployed = !(host instanceof Error || deploy instanceof Error || build instanceof Error);
    if (isDeployed) await recordStart(inputs, await preparation.tools, host.port);
    const address = host instanceof Error ? "" : `http://127.0.0.1:${host.port}`;
    const deployment =
        deploy instanceof Error
            ? `Not deployed: ${deploy.message}`
            : deploy === undefined
              ? `${address} is ready; it runs this image already.`
              : deployLine(deploy);
    console.log(`\n${summary(finished, { deployment, build })}`);
    if (build instanceof Error) throw build;
}

/** Runs steps to their end. Ctrl-C leaves earlier processes running. */
async function run<T>(signal: AbortSignal, add: (steps: Steps) => T): Promise<{ steps: Steps; added: T }> {
    requireCurrentTools();
    const wasRunning = await readWorld().then(
        () => true,
        () => false,
    );
    const steps = new Steps(signal);
    const added = add(steps);
    await steps.run().catch(async (error: unknown) => {
        if (signal.aborted && !wasRunning) await stopWorld((line) => console.error(line));
        throw error;
    });
    return { steps, added };
}

function secondsOf({ seconds }: Steps): LastRun["seconds"] {
    const of = (title: string) => Math.round((seconds[title] ?? 0) * 1000) / 1000;
    return {
        tools: of("Tools"),
        services: of("Services"),
        baseImages: of("Base images"),
        databaseImage: of("Database image"),
        host: of("Container host"),
        up: of("pulumi up"),
        build: of("CodeBuild"),
        deploy: of("Deploy"),
        total: Math.round(performance.now()) / 1000,
    };
}
