import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { projectRoot } from "../../local/paths";
import { temporaryFolder } from "../infra/temporaryFolder";

/** The function of the buildspec that goes through a list. */
function eachFunction(): string {
    const text = fs.readFileSync(path.join(projectRoot, "buildspecs/image.yml"), "utf8");
    const { phases } = parse(text) as { phases: { build: { commands: string[] } } };
    return /^ *each\(\) \{\n.*?^ *\}\n/ms.exec(phases.build.commands.join("\n"))![0].replace(/^ {2}/gm, "");
}

describe("buildspecs/image.yml goes through a list", () => {
    const folder = temporaryFolder();

    /** How a script ends that defines `one` and calls `each LIMIT list one`. */
    function run(limit: number, lines: string[], one: string): Promise<{ status: number; output: string[] }> {
        const list = path.join(folder.path, "list");
        fs.writeFileSync(list, lines.map((line) => `${line}\n`).join(""));
        const script = `set -euo pipefail\n${eachFunction()}\none() {\n${one}\n}\neach ${limit} list one\necho after`;
        return new Promise((resolve) => {
            const child = execFile("bash", ["-c", script], { cwd: folder.path, timeout: 8_000 }, (_error, stdout) =>
                resolve({ status: child.exitCode ?? -1, output: stdout.split("\n").filter(Boolean) }),
            );
        });
    }

    it("and gives the function the fields of each line, without a label where there is one line only", async () => {
        const { status, output } = await run(4, ["app\tamd64\tbuilds/app"], 'echo "$#: $1, $2, $3"');
        assert.deepEqual({ status, output }, { status: 0, output: ["3: app, amd64, builds/app", "after"] });
    });

    it("and says of each line of output what it belongs to, its errors too", async () => {
        const { output } = await run(1, ["shop/api\tamd64\ta", "web\tarm64\tb"], 'echo "in $3"; echo "bad $3" >&2');
        assert.deepEqual(output, [
            "shop/api amd64 | in a",
            "shop/api amd64 | bad a",
            "web arm64 | in b",
            "web arm64 | bad b",
            "after",
        ]);
    });

    describe("with several at once", () => {
        let gate: string;

        beforeEach(() => {
            gate = path.join(folder.path, "gate");
            execFileSync("mkfifo", [gate]);
        });

        it("as the limit says: the first one ends with what the second one writes", async () => {
            const one = 'if [ "$1" = a ]; then cat gate; else echo met > gate; fi';
            const { status, output } = await run(2, ["a\tx", "b\tx"], one);
            assert.deepEqual({ status, output }, { status: 0, output: ["a | met", "after"] });
        });

        it("and begins no further one when one has failed, but waits for those that run", async () => {
            const one = 'if [ "$1" = a ]; then exit 3; fi; cat gate; echo "end of $1"';
            const ended = run(2, ["a\tx", "b\tx", "c\tx"], one);
            await fs.promises.writeFile(gate, "go\n");
            assert.deepEqual(await ended, { status: 1, output: ["b | go", "b | end of b"] });
        });
    });

    it("with one after the other where the limit is one: none is begun after one that failed", async () => {
        const result = await run(1, ["a\tx", "b\tx"], 'echo "begin $1"; test "$1" != a');
        assert.deepEqual(result, { status: 1, output: ["a | begin a"] });
    });

    it("and fails when a command of the function does that is not its last", async () => {
        const { status, output } = await run(2, ["a\tx"], 'false; echo "went on"');
        assert.deepEqual({ status, output }, { status: 1, output: [] });
    });
});
