import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { projectRoot, toolsDirectory } from "../../local/paths";

/** The part of a buildspec that holds commands. */
interface Buildspec {
    version: number;
    env?: { shell?: string };
    phases: Record<string, { commands: string[]; finally?: string[] }>;
}

const folder = path.join(projectRoot, "buildspecs");

describe("buildspecs", function () {
    this.timeout(20_000);

    for (const file of readdirSync(folder)) {
        it(`${file} passes shellcheck`, () => {
            const { version, env, phases } = parse(readFileSync(path.join(folder, file), "utf8")) as Buildspec;
            assert.equal(version, 0.2);
            assert.deepEqual(shellcheck(phases, env?.shell ?? "sh"), "");
        });
    }

    it("would not, with a variable that may fall apart (this test can fail)", () => {
        assert.match(shellcheck({ build: { commands: ["echo $1"] } }, "bash"), /SC2086/);
    });
});

/** All commands of a buildspec run in one shell, so they are one script. */
function shellcheck(phases: Buildspec["phases"], shell: string): string {
    const commands = Object.values(phases).flatMap((phase) => [...phase.commands, ...(phase.finally ?? [])]);
    const result = spawnSync(
        path.join(toolsDirectory, "python/bin/shellcheck"),
        ["--shell", shell, "--format=gcc", "-"],
        {
            input: commands.join("\n"),
            encoding: "utf8",
        },
    );
    assert.equal(result.error, undefined);
    return result.stdout;
}
