import { parseArgs } from "node:util";
import { readContainerHost } from "../world/container-host";
import { runDeploy } from "../world/deployment";
import { readWorld } from "../world/services";
import { openLocalStack, plainOutputs } from "../world/stack";
import { ensureToolchain } from "../world/toolchain";
import { Fault, runCommandLine } from "./command";
import { deployLine } from "./summary";

/** Runs `npm run deploy [-- --image REFERENCE] [-- --rollback]`: deploys the image of stack `local`, another one, or the release before. */
void runCommandLine(async (signal) => {
    const { values } = parseArgs({
        options: { image: { type: "string" }, rollback: { type: "boolean", default: false } },
    });
    if (values.image !== undefined && values.rollback) throw new Fault("Give --image or --rollback, not both.");
    const world = await readWorld();
    const { port } = await readContainerHost();
    const toolchain = await ensureToolchain((line) => console.error(line), signal);
    const stack = await openLocalStack({ toolchain, world });
    const outputs = plainOutputs(await stack.outputs());
    const request = values.rollback
        ? ({ rollback: true } as const)
        : { image: values.image ?? String(outputs.imageUri) };
    const result = await runDeploy(request, { world, toolchain, outputs, port, signal }, (line) => console.log(line));
    console.log(`\n${deployLine(result)}`);
    if (result.status === "failed") throw new Fault("The deploy failed; the reason is above.");
});
