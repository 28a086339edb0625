import assert from "node:assert/strict";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { ensureToolchain } from "../../../../local/world/toolchain/toolchain";
import { makeFakeMachine, type FakeMachine } from "./fakeMachine";
import { writeScript } from "./temporaryFolder";

const goBuilds = [
    "go build github.com/moby/buildkit/cmd/buildkitd",
    "go build github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    "go build github.com/pulumi/pulumi-docker-build/provider/cmd/pulumi-resource-docker-build",
];

describe("ensureToolchain", function () {
    this.timeout(60_000);
    let machine: FakeMachine;
    let reports: string[];
    const ensure = (signal?: AbortSignal) =>
        ensureToolchain((message) => reports.push(message), signal, machine.folders);
    const callsOf = async (command: string) => (await machine.calls()).filter((call) => call.startsWith(command));

    beforeEach(async () => {
        machine = await makeFakeMachine();
        reports = [];
    });
    afterEach(() => machine.dispose());

    it("takes what is on PATH and builds or installs the rest", async () => {
        const { bin } = machine;
        const tools = machine.folders.toolsDirectory;
        assert.deepEqual(await ensure(), {
            goRoot: "/go/root",
            pulumiRoot: tools,
            pulumi: path.join(tools, "bin/pulumi"),
            buildkitd: path.join(tools, "bin/buildkitd"),
            dockerBuildx: path.join(bin, "docker-buildx"),
            dockerBuildProvider: path.join(tools, "bin/pulumi-resource-docker-build"),
            ministack: path.join(tools, "python/bin/ministack"),
            aws: path.join(tools, "python/bin/aws"),
            shellcheck: path.join(tools, "python/bin/shellcheck"),
            yamllint: path.join(tools, "python/bin/yamllint"),
            cfnLint: path.join(tools, "python/bin/cfn-lint"),
            apiModels: path.join(tools, "python/lib/python3.11/site-packages/botocore/data"),
            runc: path.join(bin, "runc"),
            busybox: path.join(bin, "busybox"),
        });
        assert.deepEqual(await callsOf("go build"), goBuilds);
        assert.deepEqual(await callsOf("pip"), ["pip install with hashes"]);
        assert.ok(reports.includes("building buildkitd (about 1 min 15 s, once) …"));
        assert.ok(reports.includes("building buildkitd took 0 s"));
    });

    it("does nothing the second time", async () => {
        const first = await ensure();
        reports = [];
        assert.deepEqual(await ensure(), first);
        assert.deepEqual(await callsOf("go build"), goBuilds);
        assert.deepEqual(await callsOf("pip"), ["pip install with hashes"]);
        assert.deepEqual(reports, []);
    });

    it("builds once when two runs need the same tools", async () => {
        const [one, other] = await Promise.all([ensure(), ensure()]);
        assert.deepEqual(one, other);
        assert.deepEqual(await callsOf("go build"), goBuilds);
        assert.deepEqual(await callsOf("pip"), ["pip install with hashes"]);
    });

    it("builds a damaged tool again", async () => {
        const { buildkitd, aws } = await ensure();
        await fs.truncate(await fs.realpath(buildkitd), 5);
        await fs.rm(aws);
        await ensure();
        assert.deepEqual(await callsOf("go build"), [...goBuilds, goBuilds[0]]);
        assert.deepEqual(await callsOf("pip"), ["pip install with hashes", "pip install with hashes"]);
    });

    it("builds again what a changed pin is about", async () => {
        await ensure();
        await fs.appendFile(
            path.join(machine.folders.pinsDirectory, "pulumi", "go.mod"),
            "\nrequire example.org/m v1.0.0\n",
        );
        await ensure();
        assert.deepEqual(await callsOf("go build"), [...goBuilds, goBuilds[1]]);
    });

    it("passes over tools on PATH in versions that do not do", async () => {
        await writeScript(path.join(machine.bin, "pulumi"), "echo v3.199.0");
        await writeScript(path.join(machine.bin, "buildkitd"), "echo v0.33.0");
        await writeScript(path.join(machine.bin, "pulumi-resource-docker-build"), "echo 0.0.21");
        await ensure();
        assert.deepEqual(await callsOf("go build"), goBuilds);
    });

    it("builds nothing that is on PATH in a version that does", async () => {
        await writeScript(path.join(machine.bin, "pulumi"), 'if [ "$1" = package ]; then exec "$3"; fi; echo v3.250.1');
        await writeScript(path.join(machine.bin, "buildkitd"), "echo v0.34.0");
        await writeScript(path.join(machine.bin, "pulumi-resource-docker-build"), "echo 0.0.22");
        const { pulumiRoot } = await ensure();
        assert.equal(pulumiRoot, machine.folder);
        assert.deepEqual(await callsOf("go build"), []);
    });

    it("stops when aborted", async () => {
        await assert.rejects(ensure(AbortSignal.abort(new Error("cancelled"))), { message: "cancelled" });
    });

    const faults: [string, (machine: FakeMachine) => Promise<void>, string | RegExp][] = [
        [
            "no Go",
            ({ bin }) => fs.rm(path.join(bin, "go")),
            "Go is not on PATH; install Go 1.26.8 or later (https://go.dev/dl), then run the command again.",
        ],
        [
            "a Go that is too old",
            ({ bin }) => writeScript(path.join(bin, "go"), "echo go1.19.8; echo /go/root"),
            "Go on PATH is go1.19.8, which is too old; install Go 1.26.8 or later (https://go.dev/dl), then run the command again.",
        ],
        [
            "no Python",
            ({ bin }) => fs.rm(path.join(bin, "python3")),
            "Python is not on PATH; install Python 3.11 or later with its venv module (Debian: apt-get install python3 python3-venv), then run the command again.",
        ],
        [
            "a Python without venv",
            ({ bin }) =>
                writeScript(
                    path.join(bin, "python3"),
                    'if [ "$1" = -c ]; then echo 3.11.2; exit; fi',
                    "echo The virtual environment was not created successfully because ensurepip is not available.; exit 1",
                ),
            "Python's venv module is not complete; install Python 3.11 or later with its venv module (Debian: apt-get install python3 python3-venv), then run the command again.",
        ],
        [
            "no network",
            ({ bin }) =>
                writeScript(
                    path.join(bin, "go"),
                    'if [ "$1" = env ]; then echo go1.26.8; echo /go/root; exit; fi',
                    'echo "go: m@v1: Get proxy: dial tcp: lookup proxy: no such host" >&2; exit 1',
                ),
            "The network did not answer (building buildkitd: go: m@v1: Get proxy: dial tcp: lookup proxy: no such host); check the connection and the proxy settings, then run the command again.",
        ],
        [
            "a full disk",
            ({ bin }) =>
                writeScript(
                    path.join(bin, "go"),
                    'if [ "$1" = env ]; then echo go1.26.8; echo /go/root; exit; fi',
                    'echo "link: writing output: no space left on device" >&2; exit 1',
                ),
            "The disk is full (building buildkitd); free some space, then run the command again.",
        ],
    ];
    for (const [what, prepare, message] of faults) {
        it(`ends with one sentence when there is ${what}`, async () => {
            await prepare(machine);
            await assert.rejects(ensure(), { message });
        });
    }
});
