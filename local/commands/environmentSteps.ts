import { askGateway } from "../aws/gateway/askGateway";
import {
    type ContainerHost,
    ensureApplicationSecret,
    furtherInstance,
    registerInstance,
} from "../world/container-host";
import { databaseImageReference } from "../world/database-image";
import {
    choosePipeline,
    connectionArn,
    instanceTags,
    production,
    productionSettings,
    repository,
} from "../world/deployment";
import type { World } from "../world/services";
import { openLocalStack, runUp } from "../world/stack";
import type { Report } from "../world/toolchain";
import { Fault } from "./command";
import type { Preparation, UpdateTools } from "./startSteps";
import type { Steps } from "./steps";
import { addUp } from "./updateSteps";

/** Environments that the pipeline releases to. */
export interface Environments {
    /** Outputs of stack `local`. */
    first: Record<string, unknown>;
    /** Outputs of stack `local-prod`. */
    second: Record<string, unknown>;
    /** Addresses of the application, in this order. */
    addresses: [string, string];
}

/**
 * Adds the environments of the pipeline: stack `local`, which has it, and stack `local-prod`, which receives its images by digest, each with
 * an instance.
 *
 * @param folder folder that stands for the repository of stack `local`
 */
export function addEnvironments(steps: Steps, preparation: Preparation, folder: string): Promise<Environments> {
    const chosen = steps.add("Connection", { world: preparation.world }, async ({ world }) => {
        await askGateway(world, "connections", { connectionArn: connectionArn(world), repository, folder });
        await choosePipeline();
    });
    const first = addUp(steps, { ...preparation, world: chosen.then(() => preparation.world) });
    const { host, databaseImage, updateTools: tools, world } = preparation;
    return steps.add(
        "pulumi up -s local-prod",
        { first, host, databaseImage, tools, world },
        async ({ first, host, databaseImage, tools, world }, { report, signal }) => {
            const missing = [host, databaseImage].find((one) => one instanceof Error);
            if (missing instanceof Error || host instanceof Error) {
                throw new Fault(`There is nothing to release to: ${missing?.message ?? ""}`);
            }
            await registerInstance(host, world, instanceTags, String(first.outputs.instanceRoleArn));
            const parts = { first: first.outputs, host, tools, world };
            const { outputs, port } = await openSecondEnvironment(parts, report, signal);
            const addresses = [host.port, port].map((one) => `http://127.0.0.1:${one}`) as [string, string];
            return { first: first.outputs, second: outputs, addresses };
        },
    );
}

/** Parts of the offline world that the second environment needs. */
interface SecondEnvironmentParts {
    /** Outputs of stack `local`. */
    first: Record<string, unknown>;
    host: ContainerHost;
    tools: UpdateTools;
    world: World;
}

/**
 * Updates stack `local-prod` and registers its instance.
 *
 * @returns outputs of the stack, and the port of its application
 */
export async function openSecondEnvironment(
    { first, host, tools: toolchain, world }: SecondEnvironmentParts,
    report: Report,
    signal: AbortSignal,
): Promise<{ outputs: Record<string, unknown>; port: number }> {
    const { stack: stackName, secretName, instanceTags: tags, instanceId } = production;
    const instance = await furtherInstance(host, stackName);
    await ensureApplicationSecret(world, secretName);
    const settings = productionSettings(instance, await databaseImageReference(world), first);
    const stack = await openLocalStack({ toolchain, world, settings, stackName });
    const { outputs } = await runUp(stack, { world, toolchain }, report, signal);
    await registerInstance(instance, world, tags, String(outputs.instanceRoleArn), instanceId);
    return { outputs, port: instance.port };
}
