import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { ECRClient, GetAuthorizationTokenCommand } from "@aws-sdk/client-ecr";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { secretName } from "../../local/world/deployment";
import { projectRoot } from "../../local/paths";
import type { World } from "../../local/world/services";
import type { LastRun } from "../../local/world/stack";
import { commandsWorldFolder } from "../support/testRun";

/** Folder of the tests' own world. */
export const world = path.join(projectRoot, commandsWorldFolder);

/** Output and exit code of a command that ended. */
export interface Ended {
    code: number | null;
    output: string;
}

/** Commands that run. They have process groups of their own, which a Ctrl-C does not reach. */
const running = new Set<ChildProcess>();

process.once("SIGINT", () => {
    for (const { pid } of running) process.kill(-pid!, "SIGINT");
    process.kill(process.pid, "SIGINT");
});

/** Starts a command of package.json in the world of these tests. */
export function begin(script: string, ...args: string[]): { child: ChildProcess; ended: Promise<Ended> } {
    const child = spawn("npm", ["run", "--silent", script, "--", ...args], {
        cwd: projectRoot,
        env: { ...process.env, CACHED_IMAGE_PIPELINE_WORLD: commandsWorldFolder },
        stdio: ["ignore", "pipe", "pipe"],
        detached: true,
    });
    running.add(child);
    child.once("close", () => running.delete(child));
    let output = "";
    child.stdout.on("data", (data: Buffer) => (output += data.toString()));
    child.stderr.on("data", (data: Buffer) => (output += data.toString()));
    const ended = once(child, "close").then(([code]) => ({ code: code as number | null, output }));
    return { child, ended };
}

/** Runs a command of package.json in that world to its end. */
export function npm(script: string, ...args: string[]): Promise<Ended> {
    return begin(script, ...args).ended;
}

/** Resolves as soon as the command printed a text. */
export function outputOf({ stdout }: ChildProcess, text: RegExp): Promise<void> {
    let seen = "";
    return new Promise((resolve, reject) => {
        stdout!.on("data", (data: Buffer) => {
            seen += data.toString();
            if (text.test(seen)) resolve();
        });
        stdout!.once("close", () => reject(new Error(`The command ended without printing ${text}: ${seen}`)));
    });
}

/** Names of the services that run in a started world. */
export const services = ["aws-provider", "buildkitd", "dockerd", "gateway", "ministack"];

/** Lists the names of the services whose processes run, in alphabetical order. */
export async function worldServices(): Promise<string[]> {
    const names = (await worldProcesses()).map(async (pid) => {
        const environment = await fs.readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
        return /CACHED_IMAGE_PIPELINE_SERVICE=([^\0]*)/.exec(environment)?.[1] ?? "";
    });
    return [...new Set(await Promise.all(names))].filter((name) => name !== "").sort();
}

/** Lists the processes of the world: services carry its folder in their environment, all others name it. */
export async function worldProcesses(): Promise<string[]> {
    const pids = (await fs.readdir("/proc")).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
    const found = await Promise.all(
        pids.map(async (pid) => {
            const environment = await fs.readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
            return environment.includes("CACHED_IMAGE_PIPELINE_SERVICE=") && environment.includes(world) ? [pid] : [];
        }),
    );
    return found.flat();
}

/** Reads the digest from the registry itself, as a client with the administrator's token. */
export async function digestInRegistry({ outputs }: Pick<LastRun, "outputs">): Promise<string | null> {
    const { registry, ...administrator } = await runningWorld();
    const ecr = new ECRClient(administrator);
    const { authorizationData } = await ecr.send(new GetAuthorizationTokenCommand({}));
    const [, repository] = String(outputs.repositoryUrl).split("/");
    const response = await fetch(`http://${registry}/v2/${repository}/manifests/${String(outputs.imageTag)}`, {
        method: "HEAD",
        headers: { Authorization: `Basic ${authorizationData?.[0]?.authorizationToken}` },
    });
    return response.headers.get("docker-content-digest");
}

/** Reads the application's settings that only its containers may know. */
export async function applicationSecret(): Promise<string> {
    const secrets = new SecretsManagerClient(await runningWorld());
    const { SecretString = "{}" } = await secrets.send(new GetSecretValueCommand({ SecretId: secretName }));
    return (JSON.parse(SecretString) as { DATABASE_PASSWORD: string }).DATABASE_PASSWORD;
}

/** Reads the registry of the running world, and settings of clients that act as its administrator. */
async function runningWorld() {
    const text = await fs.readFile(path.join(world, "services.json"), "utf8");
    const { endpoint, region, accessKeyId, secretAccessKey, registry } = JSON.parse(text) as World;
    return { registry, endpoint, region, credentials: { accessKeyId, secretAccessKey } };
}
