import { worldDirectory } from "../../paths";
import { readWorld } from "../../world/services";
import { ensureToolchain, type Report } from "../../world/toolchain";
import { BuildStore, buildsDirectory } from "./buildStore";
import type { BuildHost } from "./request";

/**
 * What builds of the world of worldDirectory() run on.
 *
 * @param report told what takes a while
 * @throws one sentence when the world is not running
 */
export async function openHost(report: Report, signal?: AbortSignal): Promise<BuildHost> {
    const world = await readWorld();
    const toolchain = await ensureToolchain(report, signal);
    return { toolchain, world, directory: worldDirectory(), store: new BuildStore(buildsDirectory()) };
}
