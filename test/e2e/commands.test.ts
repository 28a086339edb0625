import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { BuildRecord } from "../../local/aws/codebuild";
import { dockerRequest } from "../../local/world/services/dockerApi";
import { projectRoot } from "../../local/paths";
import type { DeployResult } from "../../local/world/deployment";
import type { LastRun } from "../../local/world/stack";
import { filesBelow } from "../support/files";
import {
    applicationSecret,
    begin,
    digestInRegistry,
    npm,
    outputOf,
    services,
    world,
    worldProcesses,
    worldServices,
} from "./typedCommands";

/**
 * Number of the program's resources. The certificates that builds trust are one of them on machines that have any
 * (local/world/stack/localStack.ts).
 */
const programSize = existsSync("/etc/ssl/certs/ca-certificates.crt") ? 43 : 42;

describe("the commands, as typed", function () {
    this.timeout(300_000);

    before(() => npm("stop"));
    after(() => npm("stop"));

    it("npm start creates the stack, builds the application, and says so to people and machines", async () => {
        // WHEN the stack is started from nothing
        const { code, output } = await npm("start");
        // THEN people see at the end, in few lines, what changed, the build's cost and what to do next
        assert.equal(code, 0, output);
        const end = output.slice(output.indexOf("Stack local:")).trimEnd().split("\n");
        assert.equal(end[0], `Stack local: ${programSize} create.`);
        assert.match(end[1]!, /^Image app sha256:[0-9a-f]{12}: \d+\.\d s, \d+ steps run, 0 cached; /);
        assert.match(output, /npm test/);
        assert.ok(end.length <= 15 && end.every((line) => line.length <= 120), end.join("\n"));
        // AND the application answers from its container
        const address = /(http:\/\/127\.0\.0\.1:\d+) is ready/.exec(output)?.[1];
        assert.ok(address, output);
        assert.equal((await fetch(`${address}/readyz`)).status, 200);
        // AND it was released under the declared deploy role, by nobody else
        assert.deepEqual(await callersOf("ssm:SendCommand"), ["assumed-role/ci-deploy-role"]);
        // AND machines get the same
        const run = await lastRun();
        assert.deepEqual(run.changes, { create: programSize, update: 0, replace: 0, delete: 0, same: 0 });
        const [image] = run.images as [LastRun["images"][number]];
        assert.equal(image.name, "app");
        assert.equal(image.digest, run.outputs.imageDigest);
        assert.ok(image.stepsRun > 0 && image.registryBytesUp > 1_000_000);
        // AND the registry serves that digest
        assert.equal(await digestInRegistry(run), image.digest);
        // AND CodeBuild finds that image and starts nothing to build it
        assert.match(output, /CodeBuild adopted that image: no builder was started/);
        assert.deepEqual([run.build?.digest, run.build?.builderStarted], [image.digest, false]);
    });

    const changes: [what: string, change: () => Promise<unknown>, differs: (before: RunningImage) => Promise<void>][] =
        [
            [
                "the container was removed",
                async () => docker("DELETE", `/containers/${(await runningImage()).id}?force=true`),
                async (before) => assert.equal((await runningImage()).image, before.image),
            ],
            [
                "a service was killed",
                async () => process.kill(await pidOf("aws-provider"), "SIGKILL"),
                async () => assert.deepEqual(await worldServices(), services),
            ],
            [
                "the builder was killed, beside containers that run on",
                async () => process.kill(await pidOf("buildkitd"), "SIGKILL"),
                async (before) => assert.deepEqual(await runningImage(), before),
            ],
            [
                "somebody used the account",
                async () => digestInRegistry(await lastRun()),
                async (before) => assert.deepEqual(await runningImage(), before),
            ],
        ];
    for (const [what, change, mend] of changes) {
        it(`npm start does all of its work when ${what}, and changes nothing of the stack`, async () => {
            const before = await runningImage();
            await change();
            const { code, output } = await npm("start");
            assert.equal(code, 0, output);
            const { changes, images } = await lastRun();
            assert.deepEqual(changes, { create: 0, update: 0, replace: 0, delete: 0, same: programSize });
            assert.deepEqual([images[0]!.stepsRun, images[0]!.registryBytesUp], [0, 0]);
            assert.match(output, /^http:\/\/127\.0\.0\.1:\d+ is ready; /m);
            await mend(before);
        });
    }

    it("npm start again says that nothing has changed, and asks nobody", async () => {
        const [before, account] = [await lastRun(), await accessLog()];
        const { code, output } = await npm("start");
        assert.equal(code, 0, output);
        assert.match(output, /^Nothing has changed since the start of .* UTC: sha256:[0-9a-f]{12} runs\.$/m);
        assert.match(output, /^http:\/\/127\.0\.0\.1:\d+ is ready\.$/m);
        assert.deepEqual([await lastRun(), await accessLog()], [before, account]);
    });

    it("npm run codebuild adopts what is there, and builds and pushes a change", async () => {
        // GIVEN the source, and one with another line of code
        const { outputs } = await lastRun();
        const source = await fs.mkdtemp(path.join(world, "source-"));
        await fs.cp(path.join(projectRoot, "app"), path.join(source, "app"), { recursive: true });
        // WHEN both are built
        const adopted = await npm("codebuild", "--source", source);
        const first = await lastBuild();
        await fs.appendFile(path.join(source, "app/cmd/api/main.go"), "\n// Changed is new.\nconst Changed = true\n");
        const built = await npm("codebuild", "--source", source);
        const second = await lastBuild();
        // THEN
        assert.deepEqual([adopted.code, built.code], [0, 0], adopted.output + built.output);
        assert.deepEqual([first.buildStatus, first.builderStarted], ["SUCCEEDED", false]);
        assert.equal(exported(first, "IMAGE_DIGEST"), outputs.imageDigest);
        assert.deepEqual([second.buildStatus, second.builderStarted], ["SUCCEEDED", true]);
        const tag = exported(second, "IMAGE_TAG");
        assert.notEqual(tag, outputs.imageTag);
        assert.equal(
            await digestInRegistry({ outputs: { ...outputs, imageTag: tag } }),
            exported(second, "IMAGE_DIGEST"),
        );
    });

    it("npm run deploy releases another image, goes back, and leaves the good one running when there is no such image", async () => {
        // GIVEN the image that the build above has pushed
        const { outputs } = await lastRun();
        const [first, second] = [String(outputs.imageUri), exported(await lastBuild(), "IMAGE_URI")!];
        const deploys: [args: string[], from: string, to: string][] = [
            [["--image", second], first, second],
            [["--rollback"], second, first],
        ];
        for (const [args, from, to] of deploys) {
            // WHEN it is released, and taken back
            const { code, output } = await npm("deploy", ...args);
            assert.equal(code, 0, output);
            // THEN it serves
            const { status, imageBefore, imageAfter, healthy, address } = await lastDeploy();
            assert.deepEqual([status, imageBefore, imageAfter, healthy], ["succeeded", from, to, true]);
            assert.match(output, new RegExp(`^${address} is ready; \\d+ of \\d+ requests failed`, "m"));
        }
        // AND nothing happens to it for an image that does not exist
        const { code, output } = await npm("deploy", "--image", `sha256:${"0".repeat(64)}`);
        assert.equal(code, 1);
        assert.match(output, /^error: \S+@sha256:0{64} does not exist in the repository; nothing was changed\.$/m);
        const { status, imageAfter, healthy, failed } = await lastDeploy();
        assert.deepEqual([status, imageAfter, healthy, failed], ["failed", first, true, 0]);
    });

    it("keeps the application's secret out of state, logs and records", async () => {
        const secret = await applicationSecret();
        // Docker knows what its containers get; its folders are root's alone.
        const docker = ["data/docker", "run/docker"].map((folder) => path.join(world, folder) + path.sep);
        const holders = filesBelow(world).filter(
            (file) => !docker.some((folder) => file.startsWith(folder)) && readFileSync(file).includes(secret),
        );
        assert.notEqual(holders.length, 0);
        for (const file of holders) {
            assert.match(path.relative(world, file), /^data\/instance\/app\/releases\/[0-9a-f]{64}\/secrets\.env$/);
            assert.equal((await fs.stat(file)).mode & 0o777, 0o600, file);
        }
        for (const folder of ["data", "run"]) {
            assert.equal((await fs.stat(path.join(world, folder))).mode & 0o777, 0o700, folder);
        }
    });

    it("npm start -- --preview shows what would change and changes nothing", async () => {
        const { output } = await npm("start", "--preview");
        assert.match(output, new RegExp(`Preview in \\d+\\.\\d s: ${programSize} same\\. Nothing was changed\\.`));
    });

    it("npm run outputs prints the stack's outputs as JSON", async () => {
        const { outputs } = await lastRun();
        const { output } = await npm("outputs");
        assert.deepEqual(JSON.parse(output.slice(output.indexOf("{"), output.lastIndexOf("}") + 1)), outputs);
    });

    it("npm run pipeline takes the last commit through all gates to a second environment", async () => {
        // WHEN the pipeline that the stack declares runs, and everything is approved
        const { code, output } = await npm("pipeline", "--yes");
        assert.equal(code, 0, output);
        // THEN each action was told, what was approved was shown, and the times are known
        for (const action of [
            "Source / Source",
            "Build / Build",
            "Scan / Scan",
            "local / Deploy",
            "local-prod / Promote",
        ]) {
            assert.match(output, new RegExp(`^${action} succeeded after \\d+\\.\\d s`, "m"));
        }
        assert.match(output, /^ {2}nothing to sha256:[0-9a-f]{64}, commit [0-9a-f]{40}\. Findings: passes HIGH/m);
        assert.match(output, /^From the source to the end of the last action, without approvals: \d+\.\d s$/m);
        // AND both environments serve the same image
        const addresses = [...output.matchAll(/http:\/\/127\.0\.0\.1:\d+/g)].map(([address]) => address).slice(-2);
        assert.equal(new Set(addresses).size, 2);
        for (const address of addresses) assert.equal((await fetch(`${address}/readyz`)).status, 200);
        assert.equal(new Set(await runningImages()).size, 1);
        assert.equal((await runningImages()).length, 2);
    });

    it("npm run stop removes the stack, the services and everything they left", async () => {
        assert.deepEqual(await worldServices(), services);
        const { code, output } = await npm("stop");
        assert.equal(code, 0, output);
        assert.deepEqual(await worldProcesses(), []);
        await assert.rejects(fs.access(world), { code: "ENOENT" });
    });

    it("Ctrl-C leaves no process behind, and starting again goes on from there", async () => {
        // GIVEN a start that is in the middle of the build
        const { child, ended } = begin("start");
        await outputOf(child, /now \[deps/);
        assert.deepEqual(await worldServices(), services);
        // WHEN the terminal sends its interrupt to all processes of the command
        process.kill(-child.pid!, "SIGINT");
        const { code, output } = await ended;
        // THEN it says so, and nothing runs any more
        assert.notEqual(code, 0);
        assert.match(output, /Interrupted; what this run had started is stopped\./);
        assert.deepEqual(await worldProcesses(), []);
        // AND the next start succeeds
        const again = await npm("start");
        assert.equal(again.code, 0, again.output);
    });

    it("an outputs command without a stack says what to do", async () => {
        await npm("stop");
        const { code, output } = await npm("outputs");
        assert.equal(code, 1);
        assert.match(output, /No offline world is running in .*; run `npm start` first\./);
    });

    const accessLog = () => fs.readFile(path.join(world, "data/gateway/access.log"), "utf8");

    const docker = (method: string, call: string) => dockerRequest(path.join(world, "run/docker.sock"), method, call);

    /** Container of the application and its image. */
    interface RunningImage {
        id: string;
        image: string;
    }

    async function runningImage(): Promise<RunningImage> {
        const [container] = await applicationContainers();
        return { id: container!.Id, image: container!.Image };
    }

    /** Lists the images of all environments' containers. */
    async function runningImages(): Promise<string[]> {
        return (await applicationContainers()).map(({ Image }) => Image);
    }

    async function applicationContainers(): Promise<{ Id: string; Image: string }[]> {
        const filters = JSON.stringify({ label: ["com.docker.compose.service=go"], status: ["running"] });
        const list = await docker("GET", `/containers/json?filters=${encodeURIComponent(filters)}`);
        return JSON.parse(list ?? "[]") as { Id: string; Image: string }[];
    }

    async function pidOf(service: string): Promise<number> {
        const text = await fs.readFile(path.join(world, `run/${service}.json`), "utf8");
        return (JSON.parse(text) as { pid: number }).pid;
    }

    /** Lists the callers of an action, without the random parts of names. */
    async function callersOf(action: string): Promise<string[]> {
        const calls = (await accessLog())
            .trim()
            .split("\n")
            .map((line) => JSON.parse(line) as { principal: string; action: string });
        const callers = calls.filter((call) => call.action === action).map(({ principal }) => principal);
        return [...new Set(callers)].map((arn) => /[^:]+$/.exec(arn)![0].replace(/-[0-9a-f]{7}\/.*$/, ""));
    }

    async function lastBuild(): Promise<BuildRecord> {
        return JSON.parse(await fs.readFile(path.join(world, "codebuild/last.json"), "utf8")) as BuildRecord;
    }

    async function lastDeploy(): Promise<DeployResult> {
        return JSON.parse(await fs.readFile(path.join(world, "deploy/last.json"), "utf8")) as DeployResult;
    }

    async function lastRun(): Promise<LastRun> {
        return JSON.parse(await fs.readFile(path.join(world, "last-run.json"), "utf8")) as LastRun;
    }
});

/** Reads a variable that a build exported. */
function exported({ exportedEnvironmentVariables = [] }: BuildRecord, name: string): string | undefined {
    return exportedEnvironmentVariables.find((variable) => variable.name === name)?.value;
}
