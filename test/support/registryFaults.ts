import type { RegistryFault } from "../../local/gateway/registryFaults";
import type { LinkLimits } from "../../local/gateway/shaping";
import type { EngineWorld } from "./engineWorld";

/** What goes wrong between builders and the registry. */
export interface Trouble {
    /** Requests that are not served as they should be. @default - none */
    faults?: RegistryFault[];
    /** Limits of the line. @default - none */
    limits?: LinkLimits;
}

/**
 * Runs something while the registry is in trouble, and ends the trouble.
 *
 * @returns what it came to, and how many requests met a fault
 */
export async function duringTrouble<T>(
    engine: EngineWorld,
    { faults = [], limits = {} }: Trouble,
    run: () => Promise<T>,
): Promise<{ result: T; met: number }> {
    await post(engine, "limits", limits);
    await post(engine, "faults", faults);
    try {
        const result = await run();
        const response = await fetch(`${engine.world.endpoint}/_gateway/faults`);
        return { result, ...((await response.json()) as { met: number }) };
    } finally {
        await post(engine, "limits", {});
        await post(engine, "faults", []);
    }
}

async function post({ world }: EngineWorld, what: string, value: unknown): Promise<void> {
    const answer = await fetch(`${world.endpoint}/_gateway/${what}`, { method: "POST", body: JSON.stringify(value) });
    if (!answer.ok) throw new Error(`The gateway does not take the ${what}: ${await answer.text()}`);
}
