import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { parse } from "yaml";
import { deniedActions, deniedActionsBuildspec } from "../../../../local/commands/smoke/deniedActions";

/** Runs the commands of a buildspec in its shell; returns the exported values. */
function run(commands: Record<string, string>): string {
    const { phases } = parse(deniedActionsBuildspec(commands)) as { phases: { build: { commands: string[] } } };
    const show = "bash -c 'echo \"tried $TRIED; let through $LET_THROUGH.\"'";
    const output = execFileSync("bash", ["-c", [...phases.build.commands, show].join("\n")], { encoding: "utf8" });
    return output.trimEnd().split("\n").at(-1)!;
}

describe("smoke: what a build of a pull request tries", () => {
    it("counts as denied only what says so; any other answer was let through", () => {
        const commands = {
            denied: "sh -c 'echo AccessDenied >&2; exit 1'",
            unauthorized: "sh -c 'echo you are not authorized to perform x; exit 254'",
            done: "true",
            invalid: "sh -c 'echo ValidationError; exit 1'",
        };
        assert.equal(run(commands), "tried 4; let through done, invalid.");
    });

    it("is nothing that deletes or removes, and each once", () => {
        const commands = deniedActions({ repositoryUrl: "registry/app", cacheBucketName: "bucket" });
        const lines = Object.values(commands);
        assert.equal(new Set(lines).size, lines.length);
        assert.ok(lines.every((line) => line.startsWith("aws ") && !/ (delete|remove)-/.test(line)));
        assert.ok(deniedActionsBuildspec(commands).length < 25_600);
    });
});
