import * as fs from "node:fs/promises";
import { worldDirectory } from "../../paths";
import type { Report } from "../toolchain";
import { withLock } from "../toolchain/lock";
import { explainWorldFault } from "./faults";
import { serviceNames, worldLayout, type WorldLayout } from "./layout";
import { stopService } from "./records";
import { stopDocker } from "./stopDocker";
import { clearContainerLeftovers, endStrayServices } from "./strays";

/**
 * Stops the services of the offline world in worldDirectory() and removes its files. The emulator kept its resources in memory, so no other
 * file is of use any more. The logs and the port numbers stay. A world that is not running, or whose records are damaged, is no error.
 *
 * @param report function that takes a sentence when another start or stop has to end first
 * @throws one sentence when a process or a mount cannot be removed
 */
export async function stopWorld(report: Report = () => undefined): Promise<void> {
    const layout = worldLayout(worldDirectory());
    try {
        if (!(await fs.stat(layout.folder).catch(() => undefined))?.isDirectory()) return;
        const onWait = (holder: number) =>
            report(`waiting for process ${holder}, which starts or stops the services …`);
        await withLock(layout.folder, onWait, undefined, () => stop(layout));
    } catch (error) {
        throw explainWorldFault(layout.folder, error);
    }
}

async function stop(layout: WorldLayout): Promise<void> {
    await stopDocker(layout);
    await Promise.all(serviceNames.map((service) => stopService(layout, service)));
    await endStrayServices(layout, []);
    await clearContainerLeftovers(layout.data);
    for (const removed of [layout.services, layout.data, layout.run, layout.buildxConfig, layout.dockerConfig]) {
        await fs.rm(removed, { recursive: true, force: true });
    }
}
