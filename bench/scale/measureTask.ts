import { createRequire } from "node:module";
import { readWorld } from "../../local/world/services";
import { openLocalStack } from "../../local/world/stack";
import { ensureToolchain } from "../../local/world/toolchain";
import { mockPulumi } from "../../local/mocks/mockPulumi";
import { ProcessTreeMemory } from "./memory";
import type { Measurement, Task } from "./operations";
import { writeSources } from "./sources";

/** Controller that ends the engine with this process. */
const interruption = new AbortController();
process.once("SIGTERM", () => interruption.abort());

/** Makes one measurement, which a message requests and another message answers. */
process.once("message", (task: Task) => {
    measure(task).then(
        (measurement) => process.send!(measurement, () => process.disconnect()),
        (error: Error) => {
            console.error(error.message);
            process.exit(1);
        },
    );
});

async function measure(task: Task): Promise<Measurement> {
    const run = task.operation === "mocked preview" ? await mockedPreview(task) : await engineOperation(task);
    const memory = new ProcessTreeMemory();
    const started = performance.now();
    await run();
    const seconds = (performance.now() - started) / 1000;
    const startedMb = memory.end() / 1e6;
    return { seconds, programMb: (process.resourceUsage().maxRSS * 1024) / 1e6, startedMb };
}

async function mockedPreview({ folder, layout, images }: Task): Promise<() => Promise<void>> {
    const config = { images: JSON.stringify(writeSources(folder, layout, images)) };
    const world = await mockPulumi({ preview: true, config });
    return async () => {
        createRequire(__filename)("../../infra/index");
        await world.settle();
    };
}

async function engineOperation({
    operation,
    folder,
    layout,
    images,
    stackName,
}: Task): Promise<() => Promise<unknown>> {
    const toolchain = await ensureToolchain(() => undefined);
    const world = await readWorld();
    // This machine's bundle of certificates, a build secret offline, would make up nine tenths of the state.
    const settings = { images: writeSources(folder, layout, images), caCertificates: "" };
    const stack = await openLocalStack({ toolchain, world, stackName, settings });
    const options = { suppressProgress: true, signal: interruption.signal };
    return () => (operation === "up" ? stack.up(options) : stack.preview(options));
}
