import { askGateway } from "../aws/gateway/askGateway";
import { ensureApplicationSecret, furtherInstance, registerInstance } from "../world/container-host";
import { databaseImageReference } from "../world/database-image";
import {
    choosePipeline,
    connectionArn,
    instanceTags,
    production,
    productionSettings,
    repository,
} from "../world/deployment";
import { openLocalStack, runUp } from "../world/stack";
import { Fault } from "./command";
import type { Preparation } from "./startSteps";
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
            const instance = await furtherInstance(host, production.stack);
            await ensureApplicationSecret(world, production.secretName);
            const settings = productionSettings(instance, await databaseImageReference(world), first.outputs);
            const stack = await openLocalStack({ toolchain: tools, world, settings, stackName: production.stack });
            const { outputs } = await runUp(stack, { world, toolchain: tools }, report, signal);
            const roles = [first.outputs, outputs].map(({ instanceRoleArn }) => String(instanceRoleArn));
            await registerInstance(host, world, instanceTags, roles[0]!);
            await registerInstance(instance, world, production.instanceTags, roles[1]!, production.instanceId);
            const address = ({ port }: { port: number }) => `http://127.0.0.1:${port}`;
            return { first: first.outputs, second: outputs, addresses: [address(host), address(instance)] };
        },
    );
}
