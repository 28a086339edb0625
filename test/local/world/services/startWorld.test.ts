import assert from "node:assert/strict";
import { once } from "node:events";
import * as fs from "node:fs/promises";
import * as net from "node:net";
import * as path from "node:path";
import { readWorld, startWorld, stopWorld, type World } from "../../../../local/world/services";
import { worldLayout, type ServiceName, type WorldLayout } from "../../../../local/world/services/layout";
import { allProcesses, isRunning, send, waitForEnd } from "../../../../local/machine/processes";
import { runningRecord, runningRecords, type ServiceRecord } from "../../../../local/world/services/records";
import { waitFor } from "../../../../local/machine/waitFor";
import { ensureToolchain, type Toolchain } from "../../../../local/world/toolchain";
import { runCommand } from "../../../../local/world/toolchain/command";
import { makeTemporaryFolder } from "../toolchain/temporaryFolder";
import { makeTemporaryWorld, type TemporaryWorld } from "./temporaryWorld";

/** Services of a world; the container host is started separately. */
const services: ServiceName[] = ["ministack", "gateway", "aws-provider", "buildkitd"];

describe("the offline world", function () {
    // The tools are built when they are missing.
    this.timeout(900_000);
    let toolchain: Toolchain;
    let temporary: TemporaryWorld;
    let layout: WorldLayout;
    let world: World;
    let reports: string[];
    const requestedBefore = process.env.BUILDX_BUILDER;
    const start = (signal?: AbortSignal) => startWorld(toolchain, (message) => reports.push(message), signal);
    const kill = async (service: ServiceName): Promise<ServiceRecord> => {
        const record = await runningRecord(layout, service);
        assert.ok(record);
        send(record, "SIGKILL");
        await waitForEnd([record], 5_000);
        return record;
    };

    before(async () => {
        delete process.env.BUILDX_BUILDER;
        toolchain = await ensureToolchain(() => undefined);
        temporary = await makeTemporaryWorld();
        layout = temporary.layout;
        reports = [];
        world = await start();
    });
    beforeEach(() => (reports = []));
    after(async () => {
        await temporary.dispose();
        if (requestedBefore !== undefined) process.env.BUILDX_BUILDER = requestedBefore;
    });

    it("runs every service and says how to reach them", async () => {
        const running = await runningRecords(layout);
        assert.deepEqual(
            running.map(({ service }) => service),
            services,
        );
        const port = running.find(({ service }) => service === "gateway")?.port;
        assert.deepEqual(world, {
            endpoint: `http://127.0.0.1:${port}`,
            registry: `127.0.0.1:${port}`,
            builder: "cached-image-pipeline",
            region: "us-east-1",
            accountId: "000000000000",
            certificate: layout.gatewayCertificate,
            accessKeyId: world.accessKeyId,
            secretAccessKey: world.secretAccessKey,
            buildxConfig: layout.buildxConfig,
            dockerConfig: layout.dockerConfig,
            buildkitAddress: `unix://${layout.buildkitSocket}`,
            awsProviderPort: running.find(({ service }) => service === "aws-provider")?.port,
        });
        assert.deepEqual(JSON.parse(await fs.readFile(layout.services, "utf8")), world);
        assert.deepEqual(await readWorld(), world);
        assert.equal((await fs.stat(layout.services)).mode & 0o777, 0o600);
    });

    it("answers AWS requests of its administrator", async () => {
        const output = await runCommand(toolchain.aws, ["sts", "get-caller-identity", "--output", "text"], {
            env: {
                PATH: process.env.PATH,
                AWS_ENDPOINT_URL: world.endpoint,
                AWS_DEFAULT_REGION: world.region,
                AWS_ACCESS_KEY_ID: world.accessKeyId,
                AWS_SECRET_ACCESS_KEY: world.secretAccessKey,
            },
        });
        assert.match(output, /^000000000000\tarn:aws:iam::000000000000:root\t/);
    });

    it("serves the aws provider on its port", async () => {
        const connection = net.connect(world.awsProviderPort, "127.0.0.1");
        await once(connection, "connect");
        connection.destroy();
    });

    it("runs build steps, and ends one that outlived a killed BuildKit", async () => {
        // GIVEN a build step that would run for long
        const context = await makeTemporaryFolder();
        await fs.copyFile(toolchain.busybox, path.join(context, "busybox"));
        const dockerfile = ["FROM scratch", "COPY busybox /busybox", 'RUN ["/busybox", "sleep", "3000"]'].join("\n");
        await fs.writeFile(path.join(context, "Dockerfile"), dockerfile);
        const command = ["build", "--progress=plain", context];
        const environment = { BUILDX_BUILDER: world.builder, BUILDX_CONFIG: world.buildxConfig };
        const build = runCommand(toolchain.dockerBuildx, command, {
            env: { PATH: process.env.PATH, DOCKER_CONFIG: world.dockerConfig, ...environment },
        });
        const failed = assert.rejects(build);
        const step = await waitForStep();
        // WHEN BuildKit is killed and the world started again
        const killed = await kill("buildkitd");
        await failed;
        await start();
        // THEN BuildKit is a new one and nothing is left of the step
        assert.notEqual((await runningRecord(layout, "buildkitd"))?.pid, killed.pid);
        assert.equal(isRunning(step), false);
        await fs.rm(context, { recursive: true });
    });

    it("keeps everything at the second start, in well under a second", async () => {
        const before = await runningRecords(layout);
        const began = Date.now();
        assert.deepEqual(await start(), world);
        const milliseconds = Date.now() - began;
        assert.deepEqual(await runningRecords(layout), before);
        assert.deepEqual(reports, []);
        console.log(`        second start: ${milliseconds} ms`);
    });

    it("forgets the stack's state, containers and releases with an emulator that was killed, and only then", async () => {
        await fs.mkdir(layout.state, { recursive: true });
        await fs.writeFile(path.join(layout.state, "stack.json"), "{}");
        const ofContainers = [layout.dockerData, layout.instance].map((folder) => path.join(folder, "kept"));
        for (const file of ofContainers) {
            await fs.mkdir(path.dirname(file), { recursive: true });
            await fs.writeFile(file, "");
        }
        await kill("aws-provider");
        await start();
        assert.deepEqual(await fs.readdir(layout.state), ["stack.json"]);
        for (const file of ofContainers) await fs.access(file);
        const gateway = await runningRecord(layout, "gateway");
        await kill("ministack");
        assert.deepEqual(await start(), { ...world, awsProviderPort: (await readWorld()).awsProviderPort });
        assert.deepEqual(await fs.readdir(layout.state), []);
        for (const file of ofContainers) await assert.rejects(fs.access(file), { code: "ENOENT" });
        assert.ok(
            reports.includes(
                "the emulated AWS starts empty, so Pulumi's state and the containers of the earlier one were removed",
            ),
        );
        assert.notEqual((await runningRecord(layout, "gateway"))?.pid, gateway?.pid);
    });

    it("says which service has ended", async () => {
        await kill("gateway");
        await assert.rejects(readWorld(), {
            message: `gateway of the offline world in ${layout.folder} has ended; run \`npm start\` first.`,
        });
    });

    it("stops what an aborted start has started, and keeps what ran before", async () => {
        const ministack = await runningRecord(layout, "ministack");
        const controller = new AbortController();
        await kill("buildkitd");
        const starting = startWorld(
            toolchain,
            (message) => message.startsWith("buildkitd started") && controller.abort(new Error("cancelled")),
            controller.signal,
        );
        await assert.rejects(starting, { message: "cancelled" });
        const running = await runningRecords(layout);
        assert.deepEqual(
            running.find(({ service }) => service === "ministack"),
            ministack,
        );
        assert.equal(
            running.some(({ service }) => service === "buildkitd"),
            false,
        );
        await start();
        assert.equal((await runningRecords(layout)).length, services.length);
    });

    it("leaves nothing behind when it is stopped", async () => {
        const before = await runningRecords(layout);
        await stopWorld();
        assert.deepEqual(before.filter(isRunning), []);
        assert.deepEqual((await fs.readdir(layout.folder)).sort(), ["logs", "ports.json"]);
        assert.equal((await fs.readFile("/proc/self/mountinfo", "utf8")).includes(layout.folder), false);
    });

    it("uses the builder that BUILDX_BUILDER names, if there is one", async () => {
        process.env.BUILDX_BUILDER = "nobody";
        try {
            await assert.rejects(start(), {
                message: 'using the builder nobody that BUILDX_BUILDER names failed: ERROR: no builder "nobody" found',
            });
            assert.deepEqual(await runningRecords(worldLayout(layout.folder)), []);
        } finally {
            delete process.env.BUILDX_BUILDER;
        }
    });
});

/** Waits for the process of the build step that sleeps. */
async function waitForStep() {
    const step = await waitFor(async () => {
        for (const status of allProcesses()) {
            const command = await fs.readFile(`/proc/${status.pid}/cmdline`, "utf8").catch(() => "");
            if (command === ["/busybox", "sleep", "3000", ""].join("\0")) return status;
        }
        return undefined;
    }, 30_000);
    assert.ok(step, "the build step did not start");
    return step;
}
