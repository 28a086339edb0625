import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { ServiceDefinition } from "../../../../local/world/services/definitions";
import { worldLayout, type WorldLayout } from "../../../../local/world/services/layout";
import { httpProbe } from "../../../../local/world/services/probes";
import { stopWorld } from "../../../../local/world/services";
import { makeTemporaryFolder } from "../toolchain/temporaryFolder";

const variable = "CACHED_IMAGE_PIPELINE_WORLD";

/** Folder of a world for one test. worldDirectory() names it until it is disposed of. */
export interface TemporaryWorld {
    layout: WorldLayout;
    /** Stops everything that runs in the folder, removes it, and restores the environment. */
    dispose: () => Promise<void>;
}

export async function makeTemporaryWorld(): Promise<TemporaryWorld> {
    const folder = await makeTemporaryFolder();
    const before = process.env[variable];
    process.env[variable] = folder;
    const layout = worldLayout(folder);
    for (const name of [layout.logs, layout.run, layout.temporary]) await fs.mkdir(name, { recursive: true });
    return {
        layout,
        dispose: async () => {
            await stopWorld();
            if (before === undefined) delete process.env[variable];
            else process.env[variable] = before;
            await fs.rm(folder, { recursive: true });
        },
    };
}

/**
 * Defines a service under the gateway's name that runs a Node program.
 *
 * @param script a Node program, which finds its port in the variable PORT; the default answers every request with 200
 */
export function nodeService(
    layout: WorldLayout,
    port: number,
    script = 'require("node:http").createServer((_, res) => res.end()).listen(process.env.PORT, "127.0.0.1");',
): ServiceDefinition {
    return {
        name: "gateway",
        command: [process.execPath, "-e", script],
        environment: { PORT: String(port) },
        sources: () => Promise.resolve([path.join(layout.folder, "source.ts")]),
        probe: httpProbe({ port }, "/"),
        deadline: 10_000,
    };
}
