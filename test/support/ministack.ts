import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as net from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { projectRoot } from "../../local/paths";

/** A MiniStack process of a test. */
export interface Ministack {
    /** Address such as http://127.0.0.1:4566. */
    origin: string;
    /** Access key of its administrator. */
    accessKeyId: string;
    /** Secret of that access key. */
    secretAccessKey: string;
    /** Region it serves. */
    region: string;
    /** Ends the process and removes its files. */
    stop(): Promise<void>;
}

/** Longest time a start may take, in milliseconds. */
const startDeadline = 20_000;

/**
 * Starts MiniStack with IAM enforcement on a free port of 127.0.0.1.
 * The executable is $MINISTACK or the one of the project's tools.
 *
 * @throws Error when it ends or does not answer in time, with its output
 */
export async function startMinistack(): Promise<Ministack> {
    const executable = process.env.MINISTACK ?? path.join(projectRoot, ".tools/python/bin/ministack");
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "ministack-"));
    const port = await freePort();
    const administrator = { accessKeyId: "AKIATESTADMINISTRATOR", secretAccessKey: "administrator-secret" };
    const region = "eu-central-1";
    const child = spawn(executable, {
        env: {
            PATH: process.env.PATH,
            HOME: folder,
            AUTH: "true",
            AWS_ACCESS_KEY_ID: administrator.accessKeyId,
            AWS_SECRET_ACCESS_KEY: administrator.secretAccessKey,
            BIND_HOST: "127.0.0.1",
            GATEWAY_PORT: String(port),
            IOT_MTLS_ENABLED: "0",
            MINISTACK_REGION: region,
            S3_DATA_DIR: path.join(folder, "s3"),
            SFTP_ENABLED: "0",
            STATE_DIR: path.join(folder, "state"),
            TMPDIR: folder,
        },
        stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += String(chunk)));
    let failure: Error | undefined;
    child.once("error", (error) => (failure = error));
    const origin = `http://127.0.0.1:${port}`;
    const stop = async () => {
        if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
            child.kill("SIGKILL");
            await once(child, "exit");
        }
        fs.rmSync(folder, { recursive: true, force: true });
    };
    for (const deadline = Date.now() + startDeadline; ; await delay(50)) {
        if (await answers(`${origin}/_ministack/health`)) return { origin, ...administrator, region, stop };
        if (failure === undefined && child.exitCode === null && Date.now() < deadline) continue;
        await stop();
        throw new Error(`${executable} did not start: ${failure?.message ?? output}`);
    }
}

/** A port of 127.0.0.1 that was free a moment ago. */
export async function freePort(): Promise<number> {
    const server = net.createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as net.AddressInfo;
    server.close();
    await once(server, "close");
    return port;
}

async function answers(url: string): Promise<boolean> {
    try {
        return (await fetch(url)).ok;
    } catch {
        return false;
    }
}
