import assert from "node:assert/strict";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { startToolchain, type StartedToolchain } from "../../../../local/world/toolchain/toolchain";
import { type FakeMachine, makeFakeMachine } from "./fakeMachine";
import { writeScript } from "./temporaryFolder";

describe("startToolchain", function () {
    this.timeout(60_000);
    let machine: FakeMachine;
    const unhandled: unknown[] = [];
    const onUnhandled = (error: unknown) => unhandled.push(error);
    const start = (signal?: AbortSignal) => startToolchain(() => undefined, signal, machine.folders);
    /** Lists the outcomes of the promises, in their order. */
    const outcomes = async (started: StartedToolchain) => {
        const results = await Promise.allSettled(Object.values<Promise<unknown>>({ ...started }));
        return Object.fromEntries(
            Object.keys(started).map((name, index) => {
                const result = results[index]!;
                return [name, result.status === "fulfilled" ? "there" : (result.reason as Error).message];
            }),
        );
    };
    const names = ["goRoot", "buildkitd", "dockerBuildx", "pulumi", "dockerBuildProvider", "python", "debian"];
    const all = (outcome: string) => Object.fromEntries([...names, "all"].map((name) => [name, outcome]));

    beforeEach(async () => {
        machine = await makeFakeMachine();
        unhandled.length = 0;
        process.on("unhandledRejection", onUnhandled);
        for (const name of ["dockerd", "docker", "docker-compose"]) {
            await writeScript(path.join(machine.bin, name), "echo 29.0.0");
        }
    });
    afterEach(async () => {
        process.off("unhandledRejection", onUnhandled);
        assert.deepEqual(unhandled, []);
        await machine.dispose();
    });

    it("gives every tool", async () => {
        assert.deepEqual(await outcomes(start()), { ...all("there"), containers: "there" });
    });

    it("gives the tools of other sources while Go still compiles", async () => {
        // GIVEN a build of buildkitd that ends when this test says so
        const gate = path.join(machine.folder, "gate");
        const go = await fs.readFile(path.join(machine.bin, "go"), "utf8");
        const wait = `case "$*" in *cmd/buildkitd) while [ ! -e ${gate} ]; do sleep 0.02; done ;; esac`;
        await writeScript(
            path.join(machine.bin, "go"),
            ...go.split("\n").slice(1, 2),
            wait,
            ...go.split("\n").slice(2),
        );
        const started = start();
        await Promise.all([started.python, started.debian, started.goRoot, started.dockerBuildx, started.containers]);
        assert.deepEqual(
            (await machine.calls()).filter((call) => call.startsWith("go build")),
            [],
        );
        await fs.writeFile(gate, "");
        await started.all;
    });

    it("gives the rest when there is nothing to run containers with", async () => {
        await fs.rm(path.join(machine.bin, "dockerd"));
        const { containers, ...rest } = await outcomes(start());
        assert.deepEqual(rest, all("there"));
        assert.match(containers!, /^apt-get is not on this machine, so docker\.io, iptables cannot be fetched; /);
    });

    it("ends all with the first failure, and leaves no rejection unhandled", async () => {
        await fs.rm(path.join(machine.bin, "go"));
        const message =
            "Go is not on PATH; install Go 1.26.8 or later (https://go.dev/dl), then run the command again.";
        const { all: whole, pulumi, containers } = await outcomes(start());
        assert.deepEqual({ whole, pulumi }, { whole: message, pulumi: message });
        assert.ok(["there", message].includes(containers!));
    });

    it("ends all with the reason of an abort, and gives the lock back", async () => {
        const controller = new AbortController();
        const started = start(controller.signal);
        controller.abort(new Error("cancelled"));
        assert.deepEqual(await outcomes(started), { ...all("cancelled"), containers: "cancelled" });
        assert.deepEqual(await outcomes(start()), { ...all("there"), containers: "there" });
    });
});
