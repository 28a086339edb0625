import assert from "node:assert/strict";
import type { UpResult } from "../../local/world/stack";
import { dependencyBytes, engineWorld, type EngineWorld, TestStack, writeContext } from "../support/engineWorld";
import { pinnedFiles } from "../support/pinnedStack";
import { runProject } from "./projectRun";

describe("several images of a CodeBuild build", function () {
    this.timeout(180_000);
    let engine: EngineWorld;

    before(async () => {
        engine = await engineWorld();
    });

    /** Declares images of {@link pinnedFiles}, with the pinned stage `deps`, built by an update. Contexts have the images' names. */
    async function declare(stackName: string, names: string[]): Promise<UpResult> {
        const images = [];
        for (const name of names) {
            images.push({ name, context: await writeContext(name, pinnedFiles), pinnedStages: ["deps"] });
        }
        return (await TestStack.open(engine, stackName, { images })).up();
    }

    const build = (up: UpResult, changed: Record<string, string>) =>
        runProject(engine, up.outputs as Record<string, string>, { changed });

    it("on one base are built, each line of the log with its image; what each pushes, it pushes once", async () => {
        const names = ["several-one", "several-two", "several-three"];
        const up = await declare("several", names);
        // GIVEN a first step that is the same for all, and is in no cache
        const Dockerfile = pinnedFiles.Dockerfile.replace("echo tools", "echo newer tools");
        const changed = names.flatMap((name) => [
            [`${name}/Dockerfile`, Dockerfile],
            [`${name}/requirements.txt`, `${name}==2\n`],
        ]);
        // WHEN
        const run = await build(up, Object.fromEntries(changed) as Record<string, string>);
        // THEN
        assert.ok(run.succeeded, run.log);
        for (const name of names) {
            assert.match(run.log, new RegExp(`^${name} amd64 deps \\| Building stage deps of ${name}`, "m"));
            assert.match(run.log, new RegExp(`^${name} amd64 \\| Building ${name} for amd64`, "m"));
        }
        assert.ok(run.bytes.up < 3.1 * dependencyBytes, `${run.bytes.up} bytes were sent`);
    });

    it("end with a stage that fails, when the others are pushed and their caches written", async () => {
        const up = await declare("several-failure", ["several-good", "several-bad"]);
        const run = await build(up, {
            "several-good/requirements.txt": "one==2\n",
            "several-bad/Dockerfile": pinnedFiles.Dockerfile.replace("RUN head", "RUN exit 7; head"),
        });
        assert.ok(!run.succeeded, run.log);
        assert.match(run.log, /^several-bad amd64 deps \| .*exit code: 7/m);
        assert.match(run.log, /^several-good amd64 deps \| Writing the caches of stage deps$/m);
        assert.doesNotMatch(run.log, /several-bad amd64 deps \| Writing|Building several-good for/);
    });
});
