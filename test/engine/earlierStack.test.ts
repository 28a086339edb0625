import assert from "node:assert/strict";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { engineWorld, type EngineWorld } from "../support/engineWorld";
import { openRecorded } from "../support/earlierStack/openRecorded";
import { readRecord } from "../support/earlierStack/records";

/** Objects of the cache bucket whose names are hashes of their content. Their old ones stay until they expire. */
const namedByContent = ["replace pipeline-build-images, which stays", "replace pipeline-build-tools, which stays"];

describe("the stack of an earlier version of the program", function () {
    this.timeout(300_000);
    let engine: EngineWorld;

    before(async () => {
        engine = await engineWorld();
    });

    /**
     * Previews an update of a recorded stack by today's program.
     *
     * @returns the steps that replace or delete a resource, sorted: the step, the resource's name, and whether the old resource stays
     */
    async function lossesOf(name: string): Promise<string[]> {
        const recorded = await openRecorded(engine, name);
        const { stack } = recorded;
        try {
            const record = readRecord(name, await stack.stack.exportStack(), engine.world.registry);
            await stack.stack.importStack(record);
            const kept = new Set(record.resources.filter((one) => one.retainOnDelete).map(({ urn }) => urn));
            const losses: string[] = [];
            const onEvent = ({ resourcePreEvent }: EngineEvent) => {
                const { op = "same", urn = "", type = "" } = resourcePreEvent?.metadata ?? {};
                // An engine's providers belong to the state alone; their names have the version of the SDK.
                if (!["replace", "delete"].includes(op) || type.startsWith("pulumi:providers:")) return;
                losses.push(`${op} ${urn.split("::").at(-1)}${kept.has(urn) ? ", which stays" : ""}`);
            };
            const { changeSummary } = await stack.stack.preview({ onEvent, suppressProgress: true });
            // THEN the program knows the recorded resources
            assert.ok((changeSummary.same ?? 0) > record.resources.length / 2);
            return losses.sort();
        } finally {
            recorded.stop();
        }
    }

    it("with an EC2 target, an ECS service, pull requests and roles of CI jobs loses nothing", async () => {
        assert.deepEqual(await lossesOf("services"), namedByContent);
    });

    it("with a Lambda function loses nothing", async () => {
        assert.deepEqual(await lossesOf("function"), namedByContent);
    });

    it("that CodeBuild updates loses nothing", async () => {
        assert.deepEqual(await lossesOf("updates"), namedByContent);
    });
});
