import assert from "node:assert/strict";
import { CommandError, lastLine, runCommand } from "../../../../local/world/toolchain/command";
import { explainFault } from "../../../../local/world/toolchain/faults";

describe("faults of commands", () => {
    const faults: [string, string][] = [
        [
            "compile: writing output: write $WORK/b001/_pkg_.a: no space left on device",
            "The disk is full (building x); free some space, then run the command again.",
        ],
        [
            "go: example.org/m@v1.0.0: dial tcp: lookup proxy.example.org: no such host",
            "The network did not answer (building x: go: example.org/m@v1.0.0: dial tcp: lookup proxy.example.org: no such host); check the connection and the proxy settings, then run the command again.",
        ],
        ["x.go:1: undefined: y", "building x failed: x.go:1: undefined: y"],
    ];
    for (const [output, sentence] of faults) {
        it(`explains "${output.slice(0, 50)}…"`, () => {
            const explained = explainFault("building x", new CommandError("go", false, output, lastLine(output)));
            assert.equal((explained as Error).message, sentence);
        });
    }

    it("recognises the network's fault by an earlier line, as pip's last line only tells the consequence", () => {
        const output =
            "NewConnectionError: Failed to establish a new connection\nERROR: No matching distribution for x\n";
        const explained = explainFault("installing x", new CommandError("pip", false, output, lastLine(output)));
        assert.equal(
            (explained as Error).message,
            "The network did not answer (installing x: ERROR: No matching distribution for x); check the connection and the proxy settings, then run the command again.",
        );
    });

    it("explains a package with another hash, of which pip says at the end what it got", () => {
        const output =
            "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. […]\n    idna==3.20 […]:\n        Expected sha256 00\n             Got        ab\n";
        const explained = explainFault("installing x", new CommandError("pip", false, output, lastLine(output)));
        assert.equal(
            (explained as Error).message,
            "A downloaded package is not the file that its requirements name (installing x); find out whether the package index, a proxy or the requirements file gives another one, then run the command again.",
        );
    });

    it("leaves an abort as it is", () => {
        const reason = new Error("cancelled");
        assert.equal(explainFault("building x", reason), reason);
    });
});

describe("runCommand", () => {
    it("returns standard output", async () => {
        assert.equal(await runCommand("sh", ["-c", "echo out; echo err >&2"]), "out\n");
    });

    it("returns standard error when asked to", async () => {
        assert.equal(await runCommand("sh", ["-c", "echo out; echo err >&2"], { result: "stderr" }), "err\n");
    });

    it("fails with the last line of standard error", async () => {
        await assert.rejects(runCommand("sh", ["-c", "echo one >&2; echo two >&2; exit 3"]), {
            message: "sh failed: two",
            missing: false,
        });
    });

    it("says that a command is not there", async () => {
        await assert.rejects(runCommand("no-such-command", []), {
            message: "no-such-command is not installed",
            missing: true,
        });
    });

    it("ends the command when aborted", async () => {
        const reason = new Error("cancelled");
        const controller = new AbortController();
        const running = runCommand("sleep", ["60"], { signal: controller.signal });
        controller.abort(reason);
        await assert.rejects(running, reason);
    });
});
