import { readWorld } from "../world/services";
import { openLocalStack, plainOutputs } from "../world/stack";
import { ensureToolchain } from "../world/toolchain";
import { runCommandLine } from "./command";

/** Runs `npm run outputs`: prints the outputs of stack `local` as JSON. */
void runCommandLine(async (signal) => {
    const world = await readWorld();
    const toolchain = await ensureToolchain((line) => console.error(line), signal);
    const stack = await openLocalStack({ toolchain, world });
    console.log(JSON.stringify(plainOutputs(await stack.outputs()), undefined, 2));
});
