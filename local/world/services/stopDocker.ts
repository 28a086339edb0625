import { removeContainers } from "./dockerApi";
import type { WorldLayout } from "./layout";
import { stopService } from "./records";
import { clearContainerLeftovers } from "./strays";

/** Ends Docker and its containers; images, and volumes that nothing uses, stay in its folder. */
export async function stopDocker(layout: WorldLayout): Promise<void> {
    // Docker would wait for its containers to end, and leave their networks behind.
    await removeContainers(layout.dockerSocket);
    await stopService(layout, "dockerd");
    await clearContainerLeftovers(layout.dockerData);
}
