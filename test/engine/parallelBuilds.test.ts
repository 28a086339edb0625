import assert from "node:assert/strict";
import { engineWorld, type EngineWorld, singleFile, TestStack, writeContext } from "../support/engineWorld";

const names = ["one", "two", "three", "four"];

describe("builds that wait for their turn", function () {
    this.timeout(120_000);
    let engine: EngineWorld;
    let stack: TestStack;

    before(async () => {
        engine = await engineWorld();
        const images = names.map((name) => ({ name, context: writeContext(`turns-${name}`, singleFile(name)) }));
        const settings = images.map(async ({ name, context }) => ({ name, context: await context }));
        stack = await TestStack.open(engine, "turns", { images: await Promise.all(settings), parallelBuilds: 1 });
    });

    /** Lists the images in the order of their log lines; consecutive lines of one image count once. */
    const told = (lines: string[]) =>
        lines
            .flatMap((line) => /pipeline-(\w+)-image-amd64(?!-)/.exec(line)?.[1] ?? [])
            .filter((name, index, all) => name !== all[index - 1]);

    it("are never begun when one before them fails, and the update says why that one did", async () => {
        // GIVEN images none of which can be built
        for (const name of names) {
            await writeContext(`turns-${name}`, { Dockerfile: "FROM scratch\nCOPY missing /\n" });
        }
        // WHEN
        const lines: string[] = [];
        const failure = await stack.up(undefined, (line) => lines.push(line)).catch((error: Error) => error);
        // THEN
        assert.ok(failure instanceof Error);
        assert.match(failure.message, /^[^\n]*"\/missing": not found$/);
        assert.equal(told(lines).length, 1);
    });

    it("begin in the next update of the same process, one after the other", async () => {
        for (const name of names) await writeContext(`turns-${name}`, singleFile(name));
        const lines: string[] = [];
        const { images } = await stack.up(undefined, (line) => lines.push(line));
        for (const { digest } of images) assert.match(digest, /^sha256:/);
        assert.deepEqual(told(lines).sort(), [...names].sort());
    });
});
