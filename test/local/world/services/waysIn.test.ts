import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { promisify } from "node:util";
import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { AssumeRoleWithWebIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { ensureTokenKey, signToken, tokenKeyFile } from "../../../../local/aws/gateway/iam/webIdentity";
import { startWorld, type World } from "../../../../local/world/services";
import { logFile, recordFile, type ServiceName, type WorldLayout } from "../../../../local/world/services/layout";
import { allProcesses } from "../../../../local/machine/processes";
import { runningRecords } from "../../../../local/world/services/records";
import { ensureToolchain, type Toolchain } from "../../../../local/world/toolchain";
import { runCommand } from "../../../../local/world/toolchain/command";
import { jobClaims, jobTrust } from "../../../support/jobTokens";
import { makeTemporaryFolder } from "../toolchain/temporaryFolder";
import { deployRoleArn, knocks, stepScript } from "./knocks";
import { makeTemporaryWorld, type TemporaryWorld } from "./temporaryWorld";

describe("ways into the offline world", function () {
    // The tools are built when they are missing.
    this.timeout(900_000);
    let toolchain: Toolchain;
    let temporary: TemporaryWorld;
    let layout: WorldLayout;
    let world: World;
    /** Token that lets its bearer assume the deploy role. */
    let jobToken: string;

    before(async function () {
        // Only root can be another user for a while, and run BuildKit.
        if (process.getuid?.() !== 0) return this.skip();
        toolchain = await ensureToolchain(() => undefined);
        temporary = await makeTemporaryWorld();
        layout = temporary.layout;
        // A folder that other users may enter is closed to them.
        await fs.chmod(layout.folder, 0o755);
        world = await startWorld(toolchain, () => undefined);
        const { endpoint, region, accessKeyId, secretAccessKey } = world;
        const iam = new IAMClient({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });
        await iam.send(new CreateRoleCommand({ RoleName: "deploy", AssumeRolePolicyDocument: jobTrust }));
        jobToken = signToken(jobClaims(), ensureTokenKey(layout.gatewayState));
    });
    after(() => temporary?.dispose());

    it("are open to the deploy job, whose token this world signed", async () => {
        const { endpoint, region } = world;
        const input = { RoleArn: deployRoleArn, RoleSessionName: "job", WebIdentityToken: jobToken };
        const { AssumedRoleUser } = await new STSClient({ endpoint, region }).send(
            new AssumeRoleWithWebIdentityCommand(input),
        );
        assert.equal(AssumedRoleUser?.Arn, "arn:aws:sts::000000000000:assumed-role/deploy/job");
    });

    it("are none for another user of the machine", async () => {
        const attempts = {
            knocks: knocks(world, jobToken),
            ports: [world.awsProviderPort],
            sockets: [layout.ministackSocket, layout.buildkitSocket, layout.dockerSocket],
            files: [
                // The folder's entries; the folder itself is visible from its parent.
                `${layout.folder}/.`,
                layout.services,
                layout.administrator,
                layout.state,
                layout.gatewayState,
                path.join(layout.gatewayState, tokenKeyFile),
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
        await fs.writeFile(path.join(context, "try.sh"), stepScript(knocks(world, jobToken), world.awsProviderPort));
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

/** Prints the number of tried and of open ways, and fails when one is open. @param lines `in: …` or `out: …` each */
function assertClosed(who: string, lines: string[]): void {
    const open = lines.filter((line) => !line.startsWith("out: "));
    console.log(`        ${who}: ${lines.length} ways tried, ${open.length} open`);
    assert.ok(lines.length >= 20);
    assert.deepEqual(open, []);
}

/** Lists the addresses of 127.0.0.0/8 and others that a process listens at. */
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
