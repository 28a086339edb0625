import type { EngineEvent, Stack } from "@pulumi/pulumi/automation";
import { type ContainerHost, registerInstance } from "../world/container-host";
import { databaseImageReference } from "../world/database-image";
import {
    type DeployOptions,
    type DeployResult,
    ec2Settings,
    hasPipeline,
    instanceTags,
    pipelineSettings,
    releaseOf,
    runDeploy,
} from "../world/deployment";
import type { World } from "../world/services";
import { loadProgram, openLocalStack, runUp, untilRejected, UpdateLog, type UpResult } from "../world/stack";
import type { Report } from "../world/toolchain";
import { runDeclaredBuild } from "./declaredBuild";
import type { Preparation, UpdateTools } from "./startSteps";
import { orError, type Steps } from "./steps";
import type { PreviewResult } from "./summary";

/** Adds the update of stack `local`. */
export function addUp(steps: Steps, preparation: Preparation): Promise<UpResult> {
    return steps.add("pulumi up", updateNeeds(preparation), async ({ tools, world, host }, { report, signal }) => {
        const stack = await openStack(tools, world, host);
        return runUp(stack, { world, toolchain: tools }, report, signal);
    });
}

/** Adds a preview of the stack's next update. */
export function addPreview(steps: Steps, preparation: Preparation): Promise<PreviewResult> {
    return steps.add("pulumi preview", updateNeeds(preparation), async ({ tools, world, host }, { report, signal }) => {
        const started = performance.now();
        const stack = await openStack(tools, world, host);
        const log = new UpdateLog(report);
        const onEvent = (event: EngineEvent) => log.add(event);
        const { changeSummary } = await untilRejected(signal, (ending) =>
            stack.preview({ onEvent, signal: ending, suppressProgress: true }),
        );
        return { changes: changeSummary, warnings: log.warnings, seconds: (performance.now() - started) / 1000 };
    });
}

/**
 * Adds the update of the stack, the CodeBuild build that it declares, and the deploy of its image.
 *
 * @returns the result of the update; that of the build, or its failure, undefined where the stack declares no project; that of the deploy,
 * or the reason why there was none, undefined where there was nothing to deploy
 */
export function addUpdate(steps: Steps, preparation: Preparation) {
    const { world, host, databaseImage, aws } = preparation;
    const up = addUp(steps, preparation);
    // A build that fails does not end a deploy on its way.
    const build = steps.add("CodeBuild", { up }, async (given, { report, signal, skip }) => {
        const result = await orError(runDeclaredBuild(given, report, signal));
        signal.throwIfAborted();
        if (result instanceof Error) skip(result.message);
        return result;
    });
    const needs = { up, world, host, databaseImage, aws };
    const deploy = steps.add("Deploy", needs, async (given, { report, signal, skip }) => {
        const reason = [given.host, given.databaseImage].find((one) => one instanceof Error);
        const { up, world, aws, host } = given;
        if (reason !== undefined || host instanceof Error) {
            skip("There is nothing to deploy to.");
            return reason;
        }
        const options = { world, toolchain: { aws }, outputs: up.outputs, port: host.port, signal };
        const result = await deployChanges(up, host, options, report);
        if (result === undefined) skip("The image runs already.");
        return result;
    });
    return { up, build, deploy };
}

function updateNeeds({ updateTools, world, baseImages, host }: Preparation) {
    return { tools: updateTools, world, baseImages, host };
}

/** Opens the stack; its program is loaded while Pulumi's CLI starts. */
async function openStack(toolchain: UpdateTools, world: World, host: ContainerHost | Error): Promise<Stack> {
    const target = host instanceof Error ? {} : ec2Settings(host, await databaseImageReference(world), world);
    const settings = { ...target, ...((await hasPipeline()) ? pipelineSettings(world) : {}) };
    const opening = openLocalStack({ toolchain, world, settings });
    const [stack] = await Promise.all([opening, Promise.resolve().then(loadProgram)]);
    return stack;
}

/**
 * Deploys the stack's image.
 *
 * @returns undefined when nothing changed and the image is released and serves
 * @throws Error with the script's last lines when that failed
 */
async function deployChanges(
    { changes }: UpResult,
    host: ContainerHost,
    options: DeployOptions,
    report: Report,
): Promise<DeployResult | undefined> {
    const { outputs, world } = options;
    const image = String(outputs.imageUri);
    const isUnchanged = changes.create + changes.update + changes.replace + changes.delete === 0;
    if (isUnchanged && (await releaseOf(image, options)) !== undefined) return undefined;
    await registerInstance(host, world, instanceTags, String(outputs.instanceRoleArn));
    const lines: string[] = [];
    const result = await runDeploy({ image }, options, (line) => {
        lines.push(line);
        report(line);
    });
    if (result.status === "failed") throw new Error(`The deploy failed:\n${lines.slice(-20).join("\n")}`);
    return result;
}
