// Records the stacks of this version's program for test/engine/earlierStack.test.ts. docs/decisions/174 tells how to run it.
import * as fs from "node:fs/promises";
import { engineWorld, type EngineWorld } from "../engineWorld";
import { openRecorded } from "./openRecorded";
import { recordFile, recordOf } from "./records";
import { recordedSettings } from "./settings";

describe("a record of the stack", function () {
    this.timeout(300_000);
    let engine: EngineWorld;

    before(async () => {
        engine = await engineWorld();
    });

    for (const name of Object.keys(recordedSettings)) {
        it(`${name} is written`, async () => {
            const recorded = await openRecorded(engine, name);
            const { stack } = recorded;
            try {
                await stack.up();
                const record = recordOf(await stack.stack.exportStack(), engine.world.registry);
                await fs.writeFile(recordFile(name), `${JSON.stringify(record, undefined, 1)}\n`);
            } finally {
                recorded.stop();
            }
        });
    }
});
