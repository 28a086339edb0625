import { readWorld } from "../services";
import { openLocalStack, plainOutputs } from "../stack";
import { ensureToolchain } from "../toolchain";
import { runCommandLine } from "./command";

/** `npm run outputs`: the outputs of stack `local` as JSON. */
void runCommandLine(async (signal) => {
    const world = await readWorld();
    const toolchain = await ensureToolchain((line) => console.error(line), signal);
    const stack = await openLocalStack({ toolchain, world });
    console.log(JSON.stringify(plainOutputs(await stack.outputs()), undefined, 2));
});
