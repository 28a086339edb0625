import assert from "node:assert/strict";
import { engineWorld, type EngineWorld, singleFile, TestStack, writeContext } from "../support/engineWorld";
import { runProject } from "./projectRun";

describe("a build that waits while the stack is updated", function () {
    this.timeout(120_000);
    let engine: EngineWorld;

    before(async () => {
        engine = await engineWorld();
    });

    /** Updates the stack to an image with a build argument. @returns the outputs, and the variables of builds */
    async function update(argument: string) {
        const context = await writeContext("waiting-app", singleFile("1"));
        const images = [{ name: "app", context, buildArgs: { A: argument } }];
        const stack = await TestStack.open(engine, "waiting", { images });
        const outputs = (await stack.up()).outputs as Record<string, string>;
        const { build, succeeded, log, exported } = await runProject(engine, outputs);
        assert.ok(succeeded, log);
        const variables = (build.environment?.environmentVariables ?? []).map(
            ({ name, value }) => [name!, value!] as const,
        );
        return { outputs, exported, variables: Object.fromEntries(variables) };
    }

    it("finds what it was started with, also under the role's permissions of after the update", async () => {
        const before = await update("1");
        const after = await update("2");
        assert.notEqual(after.variables["IMAGES_KEY"], before.variables["IMAGES_KEY"]);
        assert.notEqual(after.exported.IMAGE_TAG, before.exported.IMAGE_TAG);
        // WHEN the build's turn comes, with the variables that it was started with
        const { BUILD_TOOLS_KEY, IMAGES_KEY } = before.variables;
        const variables = { BUILD_TOOLS_KEY: BUILD_TOOLS_KEY!, IMAGES_KEY: IMAGES_KEY! };
        const { succeeded, log, exported } = await runProject(engine, after.outputs, { variables });
        // THEN
        assert.ok(succeeded, log);
        assert.equal(exported.IMAGE_TAG, before.exported.IMAGE_TAG);
    });
});
