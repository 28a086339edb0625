import { askGateway } from "../../local/aws/gateway/askGateway";
import type { RegistryFault } from "../../local/aws/gateway/registry/registryFaults";
import type { LinkLimits } from "../../local/aws/gateway/http/shaping";
import type { EngineWorld } from "./engineWorld";

/** Trouble between builders and the registry. */
export interface Trouble {
    /** Faults of requests. @default - none */
    faults?: RegistryFault[];
    /** Limits of the line. @default - none */
    limits?: LinkLimits;
}

/**
 * Runs an action while the registry is in trouble, and ends the trouble.
 *
 * @returns its result, and the number of requests that met a fault
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
