import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { endBuildProcesses } from "../../../../local/aws/codebuild/buildProcesses";
import { BuildShell } from "../../../../local/aws/codebuild/shell";

const never = new AbortController().signal;

for (const kind of ["sh", "bash"] as const) {
    describe(`codebuild: ${kind} of a build`, function () {
        this.timeout(20_000);
        let folder: string;
        let shell: BuildShell;
        let output: Buffer[];
        let mark: string;

        beforeEach(() => {
            folder = fs.mkdtempSync(path.join(os.tmpdir(), "shell-"));
            output = [];
            const id = `shell-test:${folder}`;
            mark = `CODEBUILD_BUILD_ID=${id}`;
            shell = new BuildShell({
                shell: kind,
                environment: { PATH: process.env.PATH ?? "", CODEBUILD_BUILD_ID: id, GIVEN: "one\ntwo" },
                directory: folder,
                stateDirectory: folder,
                onOutput: (chunk) => Promise.resolve(void output.push(chunk)),
            });
        });
        afterEach(async () => {
            await endBuildProcesses(mark);
            fs.rmSync(folder, { recursive: true });
        });

        /** Runs commands one after the other. @returns their statuses and output */
        const run = async (...commands: string[]) => {
            const statuses: number[] = [];
            for (const command of commands) statuses.push(await shell.run(command, never));
            return { statuses, text: Buffer.concat(output).toString() };
        };

        it("keeps folder, variables and functions from command to command", async () => {
            const { statuses, text } = await run(
                "cd /usr; export EXPORTED=1; LOCAL=2; say() { echo said; }",
                'pwd; echo "$EXPORTED $LOCAL"; say; printf %s "$GIVEN"',
            );
            assert.deepEqual([statuses, text], [[0, 0], "/usr\n1 2\nsaid\none\ntwo"]);
            assert.equal(shell.environment().EXPORTED, "1");
            assert.equal(shell.environment().LOCAL, undefined);
            assert.equal(shell.environment().GIVEN, "one\ntwo");
        });

        it("takes the status of the last line of a command, and shows both outputs in order", async () => {
            const { statuses, text } = await run("false\necho out; echo error >&2; echo out", "(exit 3)");
            assert.deepEqual([statuses, text], [[0, 3], "out\nerror\nout\n"]);
        });

        it("lets commands open /dev/stdout and /dev/stderr, and gives them no input", async () => {
            const { statuses, text } = await run(
                "echo a >/dev/stderr; echo b >/dev/stdout; cat; read line || echo none",
            );
            assert.deepEqual([statuses, text], [[0], "a\nb\nnone\n"]);
        });

        const endings: [what: string, command: string, status: number][] = [
            ["exits with 0", "export LOST=1; exit 0", 0],
            ["exits with another status", "exit 7", 7],
            ["fails under set -e", "set -e; false; echo not reached", 1],
            ["kills its shell", "kill -9 $$", 137],
            ["kills all processes of its group", "kill -9 0", 137],
            ["becomes another program", "exec sh -c 'exit 4'", 4],
        ];
        for (const [what, command, status] of endings) {
            it(`goes on in a new shell after a command that ${what}`, async () => {
                const { statuses, text } = await run(
                    "cd /usr; export KEPT=1",
                    command,
                    'echo "$KEPT $PWD ${LOST-unset}"',
                );
                assert.deepEqual(statuses, [0, status, 0]);
                assert.match(text, /(^|\n)1 \/usr unset\n$/);
                assert.doesNotMatch(text, /not reached/);
            });
        }

        it("fails a command with a syntax error, and the next one runs", async () => {
            const { statuses, text } = await run("if", "echo fine");
            assert.equal(statuses[1], 0);
            assert.notEqual(statuses[0], 0);
            assert.match(text, /[Ss]yntax error[^]*fine\n$/);
        });

        it("ends redirections of the shell itself with the command, and traces only commands", async () => {
            const { text } = await run("exec >/dev/null; echo hidden", "echo shown", "set -x", "echo traced", "set +x");
            assert.match(text, /^shown\n\++ echo traced\ntraced\n\++ set \+x\n$/);
        });

        it("runs the EXIT trap at the end of the build", async () => {
            await run("trap 'echo bye' EXIT");
            await shell.end(never);
            assert.equal(Buffer.concat(output).toString(), "bye\n");
        });

        it("hands on large and binary output as it is", async () => {
            const { statuses } = await run("head -c 3000000 /dev/zero | tr '\\0' '\\377'");
            const bytes = Buffer.concat(output);
            assert.deepEqual([statuses, bytes.length, bytes.every((byte) => byte === 0xff)], [[0], 3_000_000, true]);
        });

        it("gives up a command that hangs, and ends all its processes, also those that left its group", async () => {
            await run("true");
            const limit = AbortSignal.timeout(500);
            const hanging = shell.run("setsid sleep 1000 & sleep 1000 & sleep 1000", limit);
            await assert.rejects(hanging, { name: "TimeoutError" });
            await endBuildProcesses(mark);
            const left = fs.readdirSync("/proc").filter((name) => {
                if (!/^\d+$/.test(name)) return false;
                try {
                    return fs.readFileSync(`/proc/${name}/environ`, "utf8").includes(mark);
                } catch {
                    return false;
                }
            });
            assert.deepEqual(left, []);
        });
    });
}
