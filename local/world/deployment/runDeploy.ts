import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { createInterface } from "node:readline";
import { dockerRequest } from "../services/dockerApi";
import { projectRoot, worldDirectory } from "../../paths";
import type { World } from "../services";
import { writeJsonFile } from "../../machine/jsonFile";
import { worldLayout } from "../services/layout";
import type { Report, Toolchain } from "../toolchain";
import { deployJobVariables } from "./deployJob";
import { answers, type RequestCounts, startRequestLoop } from "./requestLoop";

/** Release to deploy: an image, or the release before. */
export type DeployRequest = { image: string } | { rollback: true };

/** Result of a deploy; the content of deploy/last.json in the world's folder. */
export interface DeployResult extends RequestCounts {
    status: "succeeded" | "failed";
    /** Image before the deploy, `repository@sha256:…`; null when none ran. */
    imageBefore: string | null;
    /** Image after the deploy. */
    imageAfter: string | null;
    /** Whether the application answers that it is ready. */
    healthy: boolean;
    seconds: number;
    /** Address of the application. */
    address: string;
}

/** Values that a deploy of stack `local` needs. */
export interface DeployOptions {
    world: World;
    toolchain: Pick<Toolchain, "aws">;
    /** Outputs of the stack. */
    outputs: Record<string, unknown>;
    /** Port of the application on 127.0.0.1. */
    port: number;
    signal: AbortSignal;
}

/**
 * Deploys as a deploy job does: runs deploy/ec2.sh or deploy/rollback.sh with the stack's output `deployEnv` under the stack's deploy role.
 * A client sends requests to the application throughout.
 *
 * @param report function that takes each line of the script
 * @throws one sentence when the stack declares no deploy role
 */
export async function runDeploy(request: DeployRequest, options: DeployOptions, report: Report): Promise<DeployResult> {
    const { outputs, port, signal } = options;
    const started = performance.now();
    const address = `http://127.0.0.1:${port}`;
    const file = lastDeployFile();
    await fs.mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    const variables = await deployVariables(options, path.dirname(file));
    const imageBefore = await runningImage(outputs);
    const endLoop = imageBefore === null ? undefined : startRequestLoop(`${address}/readyz`);
    const command = "rollback" in request ? ["deploy/rollback.sh", "ec2"] : ["deploy/ec2.sh", "--image", request.image];
    const code = await runScript(command, variables, report, signal);
    const counts = (await endLoop?.()) ?? { requests: 0, failed: 0, longestGapSeconds: 0 };
    const result: DeployResult = {
        status: code === 0 ? "succeeded" : "failed",
        imageBefore,
        imageAfter: await runningImage(outputs),
        healthy: await answers(`${address}/readyz`),
        seconds: Math.round(performance.now() - started) / 1000,
        address,
        ...counts,
    };
    await writeJsonFile(file, result);
    return result;
}

/** Reads the last deploy, when its release serves an image now. @returns undefined when a deploy is needed */
export async function releaseOf(
    image: string,
    { outputs, port }: Pick<DeployOptions, "outputs" | "port">,
): Promise<DeployResult | undefined> {
    const text = await fs.readFile(lastDeployFile(), "utf8").catch(() => undefined);
    if (text === undefined) return undefined;
    const last = JSON.parse(text) as DeployResult;
    const serves = (await runningImage(outputs)) === image && (await answers(`http://127.0.0.1:${port}/readyz`));
    return last.status === "succeeded" && last.imageAfter === image && serves ? last : undefined;
}

function lastDeployFile(): string {
    return path.join(worldDirectory(), "deploy", "last.json");
}

/** Parses the lines of the stack's output `deployEnv` as variables of a deploy job. */
export function jobVariables(deployEnv: string): Record<string, string> {
    const lines = deployEnv.trim().split("\n");
    return Object.fromEntries(
        lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
    );
}

/** Makes the variables of a deploy: the lines of `deployEnv`, and the access to AWS. @param folder folder for the job's token */
async function deployVariables(
    { world, toolchain, outputs }: DeployOptions,
    folder: string,
): Promise<Record<string, string>> {
    const { ciDeployRoleArn } = outputs;
    if (typeof ciDeployRoleArn !== "string") {
        throw new Error("Stack local declares no role for deploys; run `npm start`, which declares one.");
    }
    return {
        ...jobVariables(String(outputs.deployEnv)),
        PATH: [path.dirname(toolchain.aws), process.env.PATH ?? ""].join(path.delimiter),
        HOME: worldDirectory(),
        AWS_ENDPOINT_URL: world.endpoint,
        AWS_REGION: world.region,
        ...(await deployJobVariables(ciDeployRoleArn, folder, worldLayout(worldDirectory()).gatewayState)),
    };
}

async function runScript(
    [script = "", ...args]: string[],
    env: Record<string, string>,
    report: Report,
    signal: AbortSignal,
): Promise<number | null> {
    const child = spawn("sh", [path.join(projectRoot, script), ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
    const interrupt = () => child.kill("SIGINT");
    signal.addEventListener("abort", interrupt, { once: true });
    for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on("line", report);
    const [code] = (await once(child, "close")) as [number | null];
    signal.removeEventListener("abort", interrupt);
    signal.throwIfAborted();
    return code;
}

/** Finds the image of the running container of a stack's application; null when there is none. */
async function runningImage({ deployService, deployDocument }: Record<string, unknown>): Promise<string | null> {
    // The document and the compose project have the stack's name.
    const project = String(deployDocument).replace(/-deploy$/, "");
    const labels = [`com.docker.compose.project=${project}`, `com.docker.compose.service=${String(deployService)}`];
    const filters = { label: labels, status: ["running"] };
    const query = `/containers/json?filters=${encodeURIComponent(JSON.stringify(filters))}`;
    const list = await dockerRequest(worldLayout(worldDirectory()).dockerSocket, "GET", query);
    return (JSON.parse(list ?? "[]") as { Image: string }[])[0]?.Image ?? null;
}
