import { worldDirectory } from "../../paths";
import { readWorld } from "../../world/services";
import { ensureToolchain, type Report } from "../../world/toolchain";
import { BuildStore, buildsDirectory } from "./buildStore";
import type { BuildHost } from "./request";

/**
 * Opens the machine that builds of the world of worldDirectory() run on.
 *
 * @param report function that takes a sentence before each slow step
 * @throws Error of one sentence when the world is not running
 */
export async function openHost(report: Report, signal?: AbortSignal): Promise<BuildHost> {
    const world = await readWorld();
    const toolchain = await ensureToolchain(report, signal);
    return { toolchain, world, directory: worldDirectory(), store: new BuildStore(buildsDirectory()) };
}
