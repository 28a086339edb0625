import { rm } from "node:fs/promises";
import { Listr, PRESET_TIMER } from "listr2";
import { worldDirectory } from "../paths";
import { readWorld, stopWorld, type World } from "../world/services";
import { openLocalStack } from "../world/stack";
import { ensureToolchain } from "../world/toolchain";
import { runCommandLine } from "./command";

/** Runs `npm run stop`: destroys stack `local`, stops its services and removes their files. The tools stay for the next start. */
void runCommandLine(async (signal) => {
    const world = await readWorld().catch((error: Error) => error);
    await new Listr(
        [
            {
                title: "pulumi destroy",
                // The emulated account is removed in any case, with whatever could not be destroyed one by one.
                exitOnError: false,
                skip: () => (world instanceof Error ? `Nothing to destroy: ${world.message}` : false),
                task: async (_, task) => {
                    const toolchain = await ensureToolchain((line) => (task.output = line), signal);
                    const stack = await openLocalStack({ toolchain, world: world as World });
                    await stack.destroy({ signal, suppressProgress: true });
                },
            },
            {
                title: "Services",
                task: async (_, task) => {
                    await stopWorld((line) => (task.output = line));
                    await rm(worldDirectory(), { recursive: true, force: true });
                },
            },
        ],
        { fallbackRenderer: "simple", registerSignalListeners: false, rendererOptions: { timer: PRESET_TIMER } },
    ).run();
});
