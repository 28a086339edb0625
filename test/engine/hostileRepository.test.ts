import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { projectRoot, worldDirectory } from "../../local/paths";
import { engineWorld, type EngineWorld, singleFile, TestStack, writeContext } from "../support/engineWorld";
import { writeHostileRepository } from "../support/hostileRepository";
import { type Run, runProject } from "./projectRun";

describe("a build context that git takes for a repository", function () {
    this.timeout(300_000);
    const refused = "a folder that is no Git repository of its own";
    let engine: EngineWorld;
    let outputs: Record<string, string>;
    let mark: string;

    before(async () => {
        engine = await engineWorld();
        mark = path.join(worldDirectory(), "hostile-repository-ran");
        const context = await writeContext("hostile-repository", singleFile("1"));
        const { region, accountId } = engine.world;
        const stack = await TestStack.open(engine, "hostile-repository", {
            images: [{ name: "app", context }],
            source: {
                type: "GITHUB",
                location: "https://github.com/example/app.git",
                connectionArn: `arn:aws:codeconnections:${region}:${accountId}:connection/1`,
                webhooks: true,
            },
        });
        outputs = (await stack.up()).outputs as Record<string, string>;
    });
    beforeEach(() => fs.rmSync(mark, { force: true }));

    const infect = (contexts: string) => writeHostileRepository(path.join(contexts, "hostile-repository"), mark);

    function assertNotRun(): void {
        assert.equal(fs.existsSync(mark), false, "the program of the context was run on the host");
    }

    function assertRefused({ succeeded, log, build }: Run): void {
        assertNotRun();
        assert.equal(succeeded, false, log);
        assert.ok(log.includes(refused), log);
        assert.equal(build.builderStarted, false);
    }

    it("would run a program of the context, if anybody asked git there", () => {
        const folder = fs.mkdtempSync(path.join(worldDirectory(), "live-"));
        writeHostileRepository(folder, mark);
        spawnSync("git", ["-C", folder, "show", "--quiet", "HEAD", "--"]);
        assert.ok(fs.existsSync(mark));
    });

    it("runs nothing in a build of a pull request", async () => {
        assertRefused(
            await runProject(engine, outputs, {
                projectName: outputs.pullRequestProjectName,
                webhook: { event: "pull_request", head: "feature", base: "main" },
                changed: { "hostile-repository/file": "2" },
                prepare: infect,
            }),
        );
    });

    it("runs nothing in a build that pushes", async () => {
        assertRefused(
            await runProject(engine, outputs, { prepare: infect, changed: { "hostile-repository/file": "3" } }),
        );
    });

    it("runs nothing in an update of the stack", async () => {
        const context = await writeContext("hostile-repository-up", singleFile("4"));
        writeHostileRepository(path.join(projectRoot, context), mark);
        const stack = await TestStack.open(engine, "hostile-repository-up", { images: [{ name: "app", context }] });
        await assert.rejects(stack.up(), (error: Error) => error.message.includes(refused));
        assertNotRun();
    });

    describe("is one that nobody asks git about", () => {
        const machinePath = process.env.PATH;
        let asked: string;

        beforeEach(() => {
            const folder = fs.mkdtempSync(path.join(worldDirectory(), "git-"));
            asked = path.join(folder, "asked");
            fs.writeFileSync(asked, "");
            fs.writeFileSync(path.join(folder, "git"), `#!/bin/sh\npwd >> '${asked}'\nexit 1\n`, { mode: 0o755 });
            process.env.PATH = `${folder}${path.delimiter}${machinePath}`;
        });
        afterEach(() => (process.env.PATH = machinePath));

        /** Lists the contexts that git was run in. */
        const contexts = () =>
            fs
                .readFileSync(asked, "utf8")
                .split("\n")
                .filter((folder) => folder.includes("hostile-repository"));

        it("in a build", async () => {
            const changed = { "hostile-repository/file": "5" };
            const { succeeded, log, build } = await runProject(engine, outputs, { changed });
            assert.ok(succeeded && build.builderStarted, log);
            assert.deepEqual(contexts(), []);
        });

        it("in an update of the stack", async () => {
            const context = await writeContext("hostile-repository-none", singleFile("6"));
            const stack = await TestStack.open(engine, "hostile-repository-none", {
                images: [{ name: "app", context }],
            });
            await stack.up();
            assert.deepEqual(contexts(), []);
        });
    });
});
