import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { promisify } from "node:util";
import { startWorld, type World } from "../../../../local/world/services";
import { logFile, recordFile, type ServiceName, type WorldLayout } from "../../../../local/world/services/layout";
import { allProcesses } from "../../../../local/machine/processes";
import { runningRecords } from "../../../../local/world/services/records";
import { ensureToolchain, type Toolchain } from "../../../../local/world/toolchain";
import { runCommand } from "../../../../local/world/toolchain/command";
import { makeTemporaryFolder } from "../toolchain/temporaryFolder";
import { makeTemporaryWorld, type TemporaryWorld } from "./temporaryWorld";

/** An HTTP request that nobody but the administrator may make. */
interface Knock {
    what: string;
    method: "GET" | "POST";
    url: string;
    headers?: Record<string, string>;
    body?: string;
}

describe("ways into the offline world", function () {
    // The tools are built when they are missing.
    this.timeout(900_000);
    let toolchain: Toolchain;
    let temporary: TemporaryWorld;
    let layout: WorldLayout;
    let world: World;

    before(async function () {
        // Only root can be another user for a while, and run BuildKit.
        if (process.getuid?.() !== 0) return this.skip();
        toolchain = await ensureToolchain(() => undefined);
        temporary = await makeTemporaryWorld();
        layout = temporary.layout;
        // A folder that other users may enter is closed to them.
        await fs.chmod(layout.folder, 0o755);
        world = await startWorld(toolchain, () => undefined);
    });
    after(() => temporary?.dispose());

    /** The gateway is asked unsigned, with keys that others know, and with the administrator's key id and a wrong signature. */
    const knocks = (): Knock[] => {
        const target = {
            "Content-Type": "application/x-amz-json-1.1",
            "X-Amz-Target": "CodeBuild_20161006.StartBuild",
        };
        const body = JSON.stringify({ projectName: "p", buildspecOverride: "version: 0.2\nphases: {}\n" });
        const now = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
        const signed = (key: string, service: string) => ({
            "X-Amz-Date": now,
            Authorization: `AWS4-HMAC-SHA256 Credential=${key}/${now.slice(0, 8)}/us-east-1/${service}/aws4_request, SignedHeaders=host;x-amz-date, Signature=${"0".repeat(64)}`,
        });
        const url = `${world.endpoint}/`;
        const keys = { "the key test": "test", "an account id": "000000000000", "its key id": world.accessKeyId };
        const presigned = (key: string) =>
            `${url}?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${key}%2F${now.slice(0, 8)}%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=${now}&X-Amz-Expires=600&X-Amz-SignedHeaders=host&X-Amz-Signature=${"0".repeat(64)}`;
        return [
            { what: "StartBuild, unsigned", method: "POST", url, headers: target, body },
            { what: "buckets, unsigned", method: "GET", url },
            { what: "users, unsigned", method: "GET", url: `${url}?Action=ListUsers&Version=2010-05-08` },
            ...Object.entries(keys).flatMap(([who, key]): Knock[] => [
                {
                    what: `StartBuild with ${who}`,
                    method: "POST",
                    url,
                    headers: { ...target, ...signed(key, "codebuild") },
                    body,
                },
                { what: `buckets with ${who}`, method: "GET", url, headers: signed(key, "s3") },
                { what: `buckets by a link of ${who}`, method: "GET", url: presigned(key) },
                {
                    what: `functions with ${who}`,
                    method: "GET",
                    url: `${url}2015-03-31/functions/`,
                    headers: signed(key, "lambda"),
                },
            ]),
            { what: "the registry, without a token", method: "GET", url: `${url}v2/` },
            { what: "the registry's list", method: "GET", url: `${url}v2/_catalog`, headers: signed("test", "ecr") },
            ...["traffic", "faults"].map((about): Knock => ({
                what: `the gateway's ${about}`,
                method: "GET",
                url: `${url}_gateway/${about}`,
            })),
            { what: "faults of the registry", method: "POST", url: `${url}_gateway/faults`, body: "[]" },
            { what: "limits of the line", method: "POST", url: `${url}_gateway/limits`, body: "{}" },
            { what: "the emulator's reset", method: "POST", url: `${url}_ministack/reset`, body: "" },
        ];
    };

    it("are none for another user of the machine", async () => {
        const attempts = {
            knocks: knocks(),
            ports: [world.awsProviderPort],
            sockets: [layout.ministackSocket, layout.buildkitSocket, layout.dockerSocket],
            files: [
                // What is in the folder: it is seen itself from where it lies.
                `${layout.folder}/.`,
                layout.services,
                layout.administrator,
                layout.state,
                layout.gatewayState,
                layout.buildkitData,
                ...(["ministack", "gateway", "aws-provider", "buildkitd"] as const).flatMap((service) => [
                    logFile(layout, service),
                    recordFile(layout, service),
                ]),
            ],
            processes: (await runningRecords(layout)).map(({ pid }) => pid),
        };
        const script = path.join(__dirname, "tryWaysIn.js");
        for (const user of [65534, 61997]) {
            // Root starts it, since the folders of Node and of this repository may be closed to that user.
            const run = promisify(execFile)(process.execPath, [script, String(user)]);
            run.child.stdin?.end(JSON.stringify(attempts));
            assertClosed(`user ${user}`, (await run).stdout.trim().split("\n"));
        }
    });

    it("are none for a build step, which has the host's network and is root", async () => {
        const context = await makeTemporaryFolder();
        await fs.copyFile(toolchain.busybox, path.join(context, "busybox"));
        await fs.writeFile(path.join(context, "try.sh"), stepScript(knocks(), world.awsProviderPort));
        const dockerfile = [
            "FROM scratch AS tries",
            "COPY busybox try.sh /",
            'RUN ["/busybox", "sh", "/try.sh"]',
            "FROM scratch",
            "COPY --from=tries /results /results",
        ];
        await fs.writeFile(path.join(context, "Dockerfile"), dockerfile.join("\n"));
        const output = path.join(context, "output");
        await runCommand(toolchain.dockerBuildx, ["build", "--output", `type=local,dest=${output}`, context], {
            env: {
                PATH: process.env.PATH,
                DOCKER_CONFIG: world.dockerConfig,
                BUILDX_CONFIG: world.buildxConfig,
                BUILDX_BUILDER: world.builder,
            },
        });
        const lines = (await fs.readFile(path.join(output, "results"), "utf8")).trim().split("\n");
        await fs.rm(context, { recursive: true });
        // It reaches the network, or nothing of this would show anything.
        assert.equal(lines.shift(), "in: the gateway's health");
        assertClosed("a build step", lines);
    });

    it("are no other ports than those of the gateway and the aws provider", async () => {
        const records = await runningRecords(layout);
        const services = new Map(records.map(({ pid, service }) => [pid, service]));
        const found: [ServiceName, string][] = [];
        for (const { pid, session } of allProcesses()) {
            const service = services.get(session);
            if (service === undefined) continue;
            for (const address of await listeningAddresses(pid)) found.push([service, address]);
        }
        const expected = [
            ["aws-provider", `127.0.0.1:${world.awsProviderPort}`],
            ["gateway", world.registry],
        ];
        assert.deepEqual(found.sort(), expected);
    });

    it("are not opened by MiniStack, which is no longer root and starts no programs", async () => {
        const ministack = (await runningRecords(layout)).find(({ service }) => service === "ministack");
        const status = await fs.readFile(`/proc/${ministack?.pid}/status`, "utf8");
        assert.match(status, /^Uid:\t61997\t61997\t61997\t61997$/m);
        assert.match(status, /^Gid:\t61997\t61997\t61997\t61997$/m);
        assert.match(status, /^Groups:\t *$/m);
        assert.match(status, /^CapEff:\t0{16}$/m);
    });
});

/** Prints how many ways were tried and how many are open, and fails when one is. @param lines `in: …` or `out: …` each */
function assertClosed(who: string, lines: string[]): void {
    const open = lines.filter((line) => !line.startsWith("out: "));
    console.log(`        ${who}: ${lines.length} ways tried, ${open.length} open`);
    assert.ok(lines.length >= 20);
    assert.deepEqual(open, []);
}

/** A script of busybox that tries the gateway and the provider's port, of which an answer to HTTP/2's first words would show it open. */
function stepScript(knocks: Knock[], providerPort: number): string {
    const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
    const wget = ({ what, method, url, headers = {}, body = "" }: Knock) => {
        const options = Object.entries(headers).map(([name, value]) => `--header ${quoted(`${name}: ${value}`)}`);
        if (method === "POST") options.push(`--post-data ${quoted(body)}`);
        return `try ${quoted(what)} /busybox wget -q -O /dev/null ${options.join(" ")} ${quoted(url)}`;
    };
    const origin = new URL(knocks[0]!.url).origin;
    return [
        'try() { what=$1; shift; if "$@"; then echo "in: $what"; else echo "out: $what"; fi >> /results; }',
        "provider() {",
        `    printf 'PRI * HTTP/2.0\\r\\n\\r\\nSM\\r\\n\\r\\n\\0\\0\\0\\4\\0\\0\\0\\0\\0' | /busybox timeout 5 /busybox nc 127.0.0.1 ${providerPort} > /answer`,
        "    [ -s /answer ]",
        "}",
        wget({ what: "the gateway's health", method: "GET", url: `${origin}/_gateway/health` }),
        ...knocks.map(wget),
        "try 'the aws provider' provider",
        "",
    ].join("\n");
}

/** @returns addresses of 127.0.0.0/8 and others that a process listens at */
async function listeningAddresses(pid: number): Promise<string[]> {
    const names = await fs.readdir(`/proc/${pid}/fd`).catch(() => []);
    const links = await Promise.all(names.map((name) => fs.readlink(`/proc/${pid}/fd/${name}`).catch(() => "")));
    const tables = await Promise.all(["tcp", "tcp6"].map((table) => fs.readFile(`/proc/net/${table}`, "utf8")));
    const rows = tables.flatMap((table) => table.split("\n").map((line) => line.trim().split(/\s+/)));
    return rows
        .filter(([, , , state, , , , , , inode]) => state === "0A" && links.includes(`socket:[${inode}]`))
        .map(([, address = ""]) => {
            const [host = "", port = ""] = address.split(":");
            return `${Buffer.from(host, "hex").reverse().join(".")}:${parseInt(port, 16)}`;
        });
}
