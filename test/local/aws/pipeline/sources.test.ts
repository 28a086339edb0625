import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { Connections } from "../../../../local/aws/pipeline/connections";
import { makeTemporaryFolder } from "../../world/toolchain/temporaryFolder";
import { buildAction, connectionArn, usePipelineWorld } from "./pipelineWorld";

describe("folders that stand for repositories", () => {
    let folder: string;
    before(async () => {
        folder = await makeTemporaryFolder();
    });
    after(() => fs.rmSync(folder, { recursive: true }));

    it("are kept on disk, one for each repository of a connection", () => {
        const file = path.join(folder, "connections.json");
        const connections = new Connections(file);
        connections.set({ connectionArn, repository: "team/app", folder: "/" });
        connections.set({ connectionArn, repository: "team/app", folder });
        connections.set({ connectionArn, repository: "team/other", folder: "/" });
        const again = new Connections(file);
        assert.equal(again.folderOf(connectionArn, "team/app"), folder);
        assert.equal(again.folderOf(connectionArn, "team/other"), "/");
        assert.equal(again.folderOf(connectionArn, "team/none"), undefined);
        assert.equal(again.list().length, 2);
    });

    const wrong: [value: unknown, message: RegExp][] = [
        [{ connectionArn, repository: "a", folder: "relative" }, /an absolute path of a folder of this machine/],
        [{ connectionArn, repository: "a", folder: "/no/such/folder" }, /an absolute path of a folder/],
        [{ connectionArn: "mine", repository: "a", folder: "/" }, /connectionArn/],
        [{ connectionArn, repository: "a", folder: "/", branch: "main" }, /branch/],
    ];
    for (const [value, message] of wrong) {
        it(`are refused: ${JSON.stringify(value)}`, () => {
            assert.throws(() => new Connections(path.join(folder, "none.json")).set(value), { message });
        });
    }
});

describe("pipeline: sources", function () {
    this.timeout(60_000);
    const world = usePipelineWorld();

    /** Runs the source of a pipeline to its failure. @returns the message */
    async function failure(): Promise<string | undefined> {
        const name = await world.pipeline({ Build: [buildAction("Build", "app")] });
        const id = await world.execute(name);
        await world.until(name, id, "Failed");
        return (await world.actions(name, id)).at(-1)?.[2];
    }

    it("run no program that the repository names", async () => {
        // GIVEN a repository whose settings name programs that would leave a file
        const [program, trace] = [
            path.join(world.repository, ".git", "program"),
            path.join(world.gateway.state, "trace"),
        ];
        fs.writeFileSync(program, `#!/bin/sh\ntouch ${trace}\ncat\n`, { mode: 0o755 });
        const settings = {
            "gpg.program": program,
            "log.showSignature": "true",
            "core.pager": program,
            "filter.evil.smudge": program,
            "filter.evil.clean": program,
            "core.fsmonitor": program,
            "diff.external": program,
        };
        fs.writeFileSync(path.join(world.repository, ".gitattributes"), "* filter=evil\n");
        world.commit("hostile");
        for (const [key, value] of Object.entries(settings)) world.git("config", key, value);
        fs.rmSync(trace, { force: true });
        // WHEN a pipeline takes it
        const name = await world.pipeline({ Build: [buildAction("Build", "app")] });
        await world.until(name, await world.execute(name), "Succeeded");
        // THEN none has run
        assert.equal(fs.existsSync(trace), false);
        for (const key of Object.keys(settings)) world.git("config", "--unset", key);
    });

    it("fail with a symbolic link, and with a branch that is not there", async () => {
        fs.symlinkSync("/etc/hostname", path.join(world.repository, "link"));
        world.commit("with a link");
        assert.equal(await failure(), "link is no file; offline a pipeline's source has files only.");
        world.git("branch", "--move", "main", "renamed");
        assert.equal(await failure(), `The source folder ${world.repository} has no version main.`);
    });
});
