import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { projectRoot } from "../../../local/paths";

describe("npm run smoke", function () {
    this.timeout(60_000);

    /** Runs the command without credentials; a call to AWS would change the answer. */
    function smoke(...args: string[]) {
        const { status, stdout, stderr } = spawnSync(
            process.execPath,
            ["local/bootstrap.js", "local/commands/smoke.ts", ...args],
            { cwd: projectRoot, encoding: "utf8", env: { PATH: process.env.PATH, FORCE_COLOR: "0" } },
        );
        return { status, stdout, stderr };
    }

    const name = "1 to 30 lower-case letters, digits and -, beginning with a letter";
    const refusals: [what: string, args: string[], message: string][] = [
        ["no stack", [], `--stack is ""; allowed: ${name}.\n`],
        [
            "a stack of the repository",
            ["--stack", "dev"],
            '--stack is "dev", an environment with a Pulumi.dev.yaml; allowed: a new name.\n',
        ],
        ["--help", ["--help"], "Unknown option '--help'"],
        ["an option that is not known", ["--stack", "trial", "--force"], "Unknown option '--force'"],
        ["an argument that is no option", ["trial"], "Unexpected argument 'trial'."],
        ["an option without its value", ["--stack"], "Option '--stack <value>' argument missing"],
    ];
    for (const [what, args, message] of refusals) {
        it(`exits with 1 and one sentence for ${what}, before it asks AWS`, () => {
            const { status, stdout, stderr } = smoke(...args);
            assert.deepEqual([status, stdout, stderr.startsWith(message)], [1, "", true], stderr);
        });
    }
});
