import * as assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as net from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { CreateRepositoryCommand } from "@aws-sdk/client-ecr";
import { projectRoot } from "../../../../local/paths";
import { freePort, type Ministack, startMinistack } from "../../../support/ministack";
import { RegistryClient } from "./registry/registryClient";
import { filesBelow } from "../../../support/files";
import { clientsOf, registryToken } from "./world";

describe("gateway: process", function () {
    this.timeout(60_000);
    let ministack: Ministack;
    let state: string;
    const children: ChildProcess[] = [];

    const start = (environment: Record<string, string>) => {
        const child = spawn("node", ["local/bootstrap.js", "local/aws/gateway/main.ts"], {
            cwd: projectRoot,
            env: { PATH: process.env.PATH, NODE_NO_WARNINGS: "1", ...environment },
        });
        children.push(child);
        const output = { text: "" };
        for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output.text += String(chunk)));
        return { child, output };
    };

    const environmentFor = (port: number) => ({
        GATEWAY_PORT: String(port),
        GATEWAY_UPSTREAM: ministack.socket,
        GATEWAY_STATE: path.join(state, "gateway"),
        AWS_ACCESS_KEY_ID: ministack.accessKeyId,
        AWS_SECRET_ACCESS_KEY: ministack.secretAccessKey,
        AWS_REGION: ministack.region,
    });

    const healthy = async (origin: string, child: ChildProcess) => {
        for (const deadline = Date.now() + 20_000; Date.now() < deadline && child.exitCode === null; await delay(50)) {
            const answer = await fetch(`${origin}/_gateway/health`).catch(() => undefined);
            if (answer?.status === 200) return true;
        }
        return false;
    };

    const exited = async (child: ChildProcess) => {
        if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
        return child.exitCode;
    };

    before(async () => {
        ministack = await startMinistack();
        state = fs.mkdtempSync(path.join(os.tmpdir(), "gateway-main-"));
    });
    after(async () => {
        for (const child of children) if (child.exitCode === null) child.kill("SIGKILL");
        await ministack.stop();
        fs.rmSync(state, { recursive: true, force: true });
    });

    it("streams a large blob, keeps its state over a restart, and ends on SIGTERM", async () => {
        // GIVEN a gateway and a repository
        const port = await freePort();
        const origin = `http://127.0.0.1:${port}`;
        const first = start(environmentFor(port));
        assert.ok(await healthy(origin, first.child), first.output.text);
        const admin = clientsOf(origin, ministack.region, ministack);
        await admin.ecr.send(new CreateRepositoryCommand({ repositoryName: "app" }));
        const token = await registryToken(admin.ecr);
        const client = new RegistryClient(origin, token);
        // WHEN 100 MB are pushed THEN its memory grows by less than half of that
        const peak = () =>
            Number(/VmHWM:\s+(\d+) kB/.exec(fs.readFileSync(`/proc/${first.child.pid}/status`, "utf8"))?.[1]) * 1024;
        await client.pushBlob("app", Buffer.from("warm up"));
        const peakBefore = peak();
        assert.deepEqual(await client.pushBlob("app", Buffer.alloc(100_000_000, "x")), [202, 202, 201]);
        const growth = peak() - peakBefore;
        assert.ok(growth < 50_000_000, `the gateway grew by ${growth} bytes`);
        // WHEN it is stopped and started again
        first.child.kill("SIGTERM");
        assert.equal(await exited(first.child), 0);
        const second = start(environmentFor(port));
        assert.ok(await healthy(origin, second.child), second.output.text);
        // THEN the token is still good, and only the owner may read the state
        assert.equal((await client.request("GET", "app/tags/list")).status, 200);
        const folder = path.join(state, "gateway");
        const modes = ["", "access.log", "tokens.json", "tag-mutability.json", "token-key.json"].map((name) =>
            (fs.statSync(path.join(folder, name)).mode & 0o777).toString(8),
        );
        assert.deepEqual(modes, ["700", "600", "600", "600", "600"]);
        const texts = filesBelow(folder).map((file) => fs.readFileSync(file, "utf8"));
        const secret = Buffer.from(token, "base64").toString().slice("AWS:".length);
        for (const text of texts) {
            assert.ok(!text.includes(secret) && !text.includes(ministack.secretAccessKey));
        }
        second.child.kill("SIGTERM");
        assert.equal(await exited(second.child), 0);
    });

    it("says in one sentence why it cannot start", async () => {
        const wrong: [environment: Record<string, string>, message: string][] = [
            [
                { ...environmentFor(4566), AWS_REGION: "" },
                "AWS_REGION is not set; the gateway takes its configuration from the environment.",
            ],
            [
                { ...environmentFor(4566), GATEWAY_PORT: "http" },
                'GATEWAY_PORT is "http"; it must be a number from 0 to 65535.',
            ],
        ];
        for (const [environment, message] of wrong) {
            const { child, output } = start(environment);
            assert.equal(await exited(child), 1);
            assert.equal(output.text, `${message}\n`);
        }
    });

    it("says that its port is taken", async () => {
        const other = net.createServer().listen(0, "127.0.0.1");
        await once(other, "listening");
        const { port } = other.address() as net.AddressInfo;
        const { child, output } = start(environmentFor(port));
        assert.equal(await exited(child), 1);
        other.close();
        assert.equal(
            output.text,
            `The gateway cannot listen on 127.0.0.1:${port} (listen EADDRINUSE: address already in use 127.0.0.1:${port}); free the port.\n`,
        );
    });

    it("answers 502 while the emulator is away", async () => {
        // GIVEN a gateway whose emulator does not run
        const port = await freePort();
        const emulator = path.join(state, "no.sock");
        const origin = `http://127.0.0.1:${port}`;
        const { child, output } = start({ ...environmentFor(port), GATEWAY_UPSTREAM: emulator });
        while (!output.text.includes("listening")) await once(child.stdout, "data");
        // WHEN it is asked THEN it says what is wrong
        const sentence = `The emulator at ${emulator} did not answer (connect ENOENT ${emulator}); check that it runs.`;
        const health = await fetch(`${origin}/_gateway/health`);
        assert.equal(health.status, 502);
        assert.deepEqual(await health.json(), { error: sentence });
        const admin = clientsOf(origin, ministack.region, ministack);
        await assert.rejects(admin.ecr.send(new CreateRepositoryCommand({ repositoryName: "app" })), {
            name: "ServiceUnavailable",
            message: sentence,
        });
        child.kill("SIGTERM");
        assert.equal(await exited(child), 0);
    });
});
