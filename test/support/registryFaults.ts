import { askGateway } from "../../local/aws/gateway/askGateway";
import type { RegistryFault } from "../../local/aws/gateway/registry/registryFaults";
import type { LinkLimits } from "../../local/aws/gateway/http/shaping";
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
    await askGateway(engine.world, "limits", limits);
    await askGateway(engine.world, "faults", faults);
    try {
        const result = await run();
        return { result, ...((await askGateway(engine.world, "faults")) as { met: number }) };
    } finally {
        await askGateway(engine.world, "limits", {});
        await askGateway(engine.world, "faults", []);
    }
}
