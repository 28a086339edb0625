import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { withTestReport } from "../../infra/codebuild/testReport";
import { projectRoot, toolsDirectory } from "../../local/paths";

/** Part of a buildspec that holds commands. */
interface Buildspec {
    version: number;
    env?: { shell?: string };
    phases: Record<string, { commands: string[]; finally?: string[] }>;
    batch?: { "build-graph": { identifier: string; env?: Record<string, unknown> }[] };
}

const folder = path.join(projectRoot, "buildspecs");

/** Length limit of a buildspec in a project, which no page of AWS names: https://github.com/aws/aws-cdk/pull/14974. */
const mostCharacters = 25_600;

describe("buildspecs", function () {
    this.timeout(20_000);

    for (const file of readdirSync(folder).filter((name) => name.endsWith(".yml"))) {
        it(`${file} passes shellcheck`, () => {
            const { version, env, phases } = parse(textOf(file)) as Buildspec;
            assert.equal(version, 0.2);
            assert.deepEqual(shellcheck(phases, env?.shell ?? "sh"), "");
        });

        it(`${file} is short enough to stand in a project, with a report`, () => {
            const { length } = withTestReport(textOf(file));
            assert.ok(length < mostCharacters, `${length} characters`);
        });
    }

    it("image.yml fits on a page: 80 lines", () => {
        const { length } = textOf("image.yml").trimEnd().split("\n");
        assert.ok(length <= 80, `${length} lines`);
    });

    it("image.yml gives each task of the batch that builds a host of its own kind, with Docker", () => {
        const { batch } = parse(textOf("image.yml")) as Buildspec;
        const tasks = batch!["build-graph"].filter(({ env }) => env !== undefined);
        assert.deepEqual(
            tasks.map(({ identifier, env }) => [
                identifier,
                env!["type"],
                env!["compute-type"],
                env!["privileged-mode"],
            ]),
            [
                ["amd64", "LINUX_CONTAINER", "BUILD_GENERAL1_MEDIUM", true],
                ["arm64", "ARM_CONTAINER", "BUILD_GENERAL1_MEDIUM", true],
            ],
        );
    });

    it("all but the two without tools fetch and verify them by the same command", () => {
        const fetching = ["image.yml", "release.yml", "scan.yml"].map((file) => {
            const { phases } = parse(textOf(file)) as Buildspec;
            return phases["pre_build"]!.commands[0];
        });
        assert.match(fetching[0]!, /sha256sum/);
        assert.deepEqual(new Set(fetching).size, 1);
    });

    it("would not, with a variable that may fall apart (this test can fail)", () => {
        assert.match(shellcheck({ build: { commands: ["echo $1"] } }, "bash"), /SC2086/);
    });
});

function textOf(file: string): string {
    return readFileSync(path.join(folder, file), "utf8");
}

/** Checks the commands of a buildspec as one script, since one shell runs them all. */
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
