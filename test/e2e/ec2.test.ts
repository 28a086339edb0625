import * as assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { startRequestLoop } from "../../local/world/deployment/requestLoop";
import { waitFor } from "../../local/machine/waitFor";
import { parameterName, type ScriptRun } from "../deploy/deployWorld";
import { filesBelow, readAll } from "../support/files";
import { type Ec2World, marker, startEc2World } from "../deploy/ec2World";

describe("a deploy to EC2, with real containers", function () {
    this.timeout(180_000);
    let world: Ec2World;
    const digests: Record<string, string> = {};
    /** Output of all scripts. */
    let printed = "";
    /** Command lines of processes that ran during deploys. */
    let commandLines = "";

    before(async () => {
        world = await startEc2World();
        await world.putVariables({});
        await world.putSecret({ DATABASE_PASSWORD: marker, MYSQL_PASSWORD: marker });
        for (const version of ["one", "two"]) digests[version] = await world.pushVersion(version);
        for (const mode of ["broken", "crash"]) digests[mode] = await world.pushVersion(mode, mode);
        await world.putParameter(`${world.repositoryUrl}@${digests.one}`);
    });
    after(() => world?.stop());

    const deploy = async (script: string, ...args: string[]): Promise<ScriptRun> => {
        const watch = setInterval(() => {
            commandLines += execFileSync("sh", ["-c", "cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' '"], {
                encoding: "utf8",
            });
        }, 500);
        const result = await world.deploy(script, ...args);
        clearInterval(watch);
        printed += result.stdout + result.stderr;
        return result;
    };
    const release = async (version: string) => {
        const result = await deploy("ec2.sh", "--image", digests[version]!);
        assert.equal(result.code, 0, result.stdout + result.stderr);
        return result;
    };
    /** Reads the running containers, the application's answer, and the record. */
    const state = async () => ({
        running: (await world.containers()).map(({ state: status, digest }) => `${status} ${nameOf(digest)}`),
        answer: await world.version(),
        live: nameOf((await world.parameter(":live").catch(() => undefined))?.value),
        previous: nameOf((await world.parameter(":previous").catch(() => undefined))?.value),
    });
    const nameOf = (value: string | undefined) =>
        Object.keys(digests).find((name) => value?.endsWith(digests[name]!) ?? false);
    const serving = (version: string, previous?: string) => ({
        running: [`running ${version}`],
        answer: version,
        live: version,
        previous,
    });

    it("starts the database and the application the first time, and records the release", async () => {
        await release("one");
        assert.deepEqual(await state(), serving("one"));
    });

    it("restarts nothing for the same digest", async () => {
        const before = await world.containers();
        const { stdout } = await release("one");
        assert.match(stdout, /runs already; nothing was restarted/);
        assert.deepEqual(await world.containers(), before);
    });

    it("replaces the container with a new digest, under load, and keeps the database", async () => {
        const database = await world.host.docker("ps", "--quiet", "--filter", "label=com.docker.compose.service=mysql");
        const endLoop = startRequestLoop(`${world.address}/readyz`);
        const { requests, failed, longestGapSeconds } = await release("two").then(endLoop, async (error: unknown) => {
            await endLoop();
            throw error;
        });
        console.log(
            `      swap on one port: ${failed} of ${requests} requests failed, ${longestGapSeconds.toFixed(2)} s without an answer`,
        );
        assert.ok(requests > failed);
        assert.deepEqual(await state(), serving("two", "one"));
        assert.equal(
            await world.host.docker("ps", "--quiet", "--filter", "label=com.docker.compose.service=mysql"),
            database,
        );
    });

    it("goes back, and back again", async () => {
        assert.equal((await deploy("rollback.sh", "ec2")).code, 0);
        assert.deepEqual(await state(), serving("one", "two"));
        assert.equal((await deploy("rollback.sh", "ec2")).code, 0);
        assert.deepEqual(await state(), serving("two", "one"));
    });

    it("brings changed settings and files to the container with the digest that runs, and records nothing", async () => {
        const versions = await world.versions();
        const changes = [
            () => world.putSecret({ DATABASE_PASSWORD: marker, MYSQL_PASSWORD: marker, ADDED: "setting" }),
            () => world.putVariables({ ADDED: "variable" }),
        ];
        for (const change of changes) {
            const [before] = await world.containers();
            await change();
            await release("two");
            const [after, ...others] = await world.containers();
            assert.deepEqual([after?.digest, others], [digests.two, []]);
            assert.notEqual(after?.id, before?.id);
        }
        assert.deepEqual([await state(), await world.versions()], [serving("two", "one"), versions]);
        await world.putSecret({ DATABASE_PASSWORD: marker, MYSQL_PASSWORD: marker });
        await world.putVariables({});
        await release("two");
    });

    const failures: [what: string, reason: RegExp, prepare: () => Promise<unknown>, digest: () => string][] = [
        [
            "an image that starts but never becomes healthy",
            /its health check did not pass within 8 s: .*\n.*\n?[^]*did not become healthy; the old container was not touched/,
            () => Promise.resolve(),
            () => digests.broken!,
        ],
        [
            "an image that ends at once",
            /it ended while it was starting[^]*cannot start: no licence/,
            () => Promise.resolve(),
            () => digests.crash!,
        ],
        [
            "an image that does not exist",
            /error: .*@sha256:0{64} does not exist in the repository; nothing was changed\./,
            () => Promise.resolve(),
            () => `sha256:${"0".repeat(64)}`,
        ],
        [
            "a secret that lacks a key",
            /error: the secret shop\/dev has no DATABASE_PASSWORD; nothing was changed\./,
            () => world.putSecret({ MYSQL_PASSWORD: marker }),
            () => digests.one!,
        ],
        [
            "a setting that ends in a backslash, after which compose would take the next one for a name",
            /error: the secret shop\/dev has what an env file cannot hold \(.*\) in "DATABASE_PASSWORD"; nothing was changed\./,
            () => world.putSecret({ DATABASE_PASSWORD: "ends in \\", MYSQL_PASSWORD: marker }),
            () => digests.one!,
        ],
        [
            "compose files that compose refuses",
            /service.*no_such_key.*\n?[^]*error: compose refuses the compose files \(above\); what runs was not touched\./,
            () => world.putComposeFile("services: { go: { no_such_key: 1 } }"),
            () => digests.one!,
        ],
        [
            "a database that does not come up",
            /error: what go depends on \(mysql\) does not become healthy \(above\); go was not touched\./,
            async () => {
                await world.putVariables({ DATABASE_COMMAND: "/bin/sleep 1000" });
                await world.host.docker("stop", "--time", "1", "shop-dev-mysql-1");
            },
            () => digests.one!,
        ],
    ];
    for (const [what, reason, prepare, digest] of failures) {
        it(`leaves the good one running with ${what}`, async () => {
            await prepare();
            const versions = await world.versions();
            const { code, stdout, stderr } = await deploy("ec2.sh", "--image", digest());
            assert.equal(code, 1);
            assert.match(stdout + stderr, reason);
            assert.deepEqual(await state(), serving("two", "one"));
            assert.deepEqual(await world.versions(), versions);
            // AND the next deploy, with everything in place again, is fine
            await world.putSecret({ DATABASE_PASSWORD: marker, MYSQL_PASSWORD: marker });
            await world.putVariables({});
            await world.putComposeFile();
            await release("two");
        });
    }

    it("leaves the good one running on a full disk", async () => {
        execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", path.join(world.directory, ".deploy")]);
        try {
            fs.writeFileSync(path.join(world.directory, ".deploy/filler"), Buffer.alloc(60 * 1024));
            const { code, stdout, stderr } = await deploy("ec2.sh", "--image", digests.one!);
            assert.equal(code, 1);
            assert.match(stdout + stderr, /No space left on device/);
            assert.deepEqual(await state(), serving("two", "one"));
        } finally {
            execFileSync("umount", [path.join(world.directory, ".deploy")]);
        }
        await release("two");
    });

    it("comes to a good end when the agent is killed in the middle of a replacement", async () => {
        const before = await world.containers();
        const deploying = deploy("ec2.sh", "--image", digests.one!);
        // WHEN the agent and its script die while the old container is being stopped
        const old = before[0]!.id;
        const stopping = async () => {
            const policy = await world.host.docker("inspect", old).catch(() => "");
            return policy.includes('"Name": "always"') ? true : undefined;
        };
        assert.equal(await waitFor(stopping, 60_000), true);
        const [command] = await world.ssm.commands.list();
        const scripts = scriptsOf(command!.commandId);
        // The agent first: it would report the end of its script.
        process.kill(command!.runner!.pid, "SIGKILL");
        for (const pid of scripts) if (scriptsOf(command!.commandId).includes(pid)) process.kill(pid, "SIGKILL");
        // THEN the deploy fails, and the application answers all the same
        const { code, stdout } = await deploying;
        assert.equal(code, 1);
        assert.match(stdout, /document process failed unexpectedly/);
        assert.ok(await waitFor(async () => (await world.version()) ?? undefined, 20_000));
        // AND the same deploy, run again, completes
        await release("one");
        assert.deepEqual(await state(), serving("one", "two"));
    });

    it("never interleaves two deploys", async () => {
        const [first, second] = await Promise.all([
            deploy("ec2.sh", "--image", digests.one!),
            deploy("ec2.sh", "--image", digests.two!),
        ]);
        const { running, live } = await state();
        assert.equal(running.length, 1);
        if (first.code === 0 && second.code === 0) assert.deepEqual(running, [`running ${live}`]);
        else assert.match(first.stderr + second.stderr, /another deploy/);
        await release("two");
    });

    it("loses no request where two ports can be used", async () => {
        const range = [world.port, world.port + 1];
        await world.putVariables({ HTTP_PORT: `127.0.0.1:${range.join("-")}` });
        await release("one");
        // A client that, like a load balancer, asks the port that answers.
        const counts = { requests: 0, lost: 0 };
        let running = true;
        const loop = (async () => {
            while (running) {
                counts.requests += 1;
                const tries = await Promise.allSettled(range.map((port) => fetch(`http://127.0.0.1:${port}/readyz`)));
                if (!tries.some((one) => one.status === "fulfilled" && one.value.ok)) counts.lost += 1;
                await new Promise((resolve) => setTimeout(resolve, 20));
            }
        })();
        await release("two").finally(() => (running = false));
        await loop;
        console.log(`      beside each other on two ports: ${counts.lost} of ${counts.requests} requests failed`);
        assert.equal(counts.lost, 0);
        await world.putVariables({});
    });

    it("promotes what was released, and nothing else unless told so", async () => {
        const known = await deploy("promote.sh", "--from", parameterName, "--image", digests.one!);
        assert.deepEqual([known.code, known.stdout.trim()], [0, `${world.repositoryUrl}@${digests.one}`]);
        const unknown = await deploy("promote.sh", "--from", parameterName, "--image", digests.broken!);
        assert.equal(unknown.code, 1);
        assert.match(
            unknown.stderr,
            /never released sha256:[0-9a-f]{64}; promote one that it did, or give --unreleased\./,
        );
        const told = await deploy("promote.sh", "--from", parameterName, "--image", digests.broken!, "--unreleased");
        assert.deepEqual([told.code, told.stdout.trim()], [0, `${world.repositoryUrl}@${digests.broken}`]);
    });

    it("keeps only the last images", async () => {
        const list = await world.host.docker("images", "--quiet", "--no-trunc", world.repositoryUrl);
        assert.equal(new Set(list.trim().split("\n")).size, 2);
    });

    it("shows the secret's value nowhere", () => {
        const places = {
            printed,
            commandLines,
            commands: readAll(path.join(world.configuration.ssmDirectory)),
            accessLog: fs.readFileSync(path.join(world.state, "access.log"), "utf8"),
            dockerLog: readAll(path.join(world.host.folder, "logs")),
        };
        assert.deepEqual(
            Object.entries(places)
                .filter(([, text]) => text.includes(marker))
                .map(([place]) => place),
            [],
        );
        // Its files are root's alone, and there is one for each release that a container comes from.
        const holders = filesBelow(world.directory).filter((file) => fs.readFileSync(file, "utf8").includes(marker));
        assert.notEqual(holders.length, 0);
        for (const file of holders) assert.equal(fs.statSync(file).mode & 0o777, 0o600, file);
    });
});

/** Lists the processes of a command's scripts, without those that left their process group. */
function scriptsOf(commandId: string): number[] {
    return fs
        .readdirSync("/proc")
        .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
        .map(Number)
        .filter((pid) => {
            try {
                const line = fs.readFileSync(`/proc/${pid}/cmdline`, "utf8");
                return line.includes(commandId) && line.includes("_script.sh");
            } catch {
                return false;
            }
        });
}
