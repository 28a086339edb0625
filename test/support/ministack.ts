import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import * as fs from "node:fs";
import * as net from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { ministackProcess } from "../../local/aws/ministack/ministackProcess";
import { projectRoot } from "../../local/paths";
import { httpProbe } from "../../local/world/services/probes";

/** MiniStack process of a test. */
export interface Ministack {
    /** Path of the process's Unix socket, for a gateway. */
    socket: string;
    /** Access key of the administrator. */
    accessKeyId: string;
    /** Secret of that access key. */
    secretAccessKey: string;
    /** Region of the process. */
    region: string;
    /** Ends the process and removes its files. */
    stop(): Promise<void>;
}

/** Time limit of a start, in milliseconds. */
const startDeadline = 20_000;

/**
 * Starts MiniStack with IAM enforcement, as the offline world does.
 * The executable is $MINISTACK or the one of the project's tools.
 *
 * @throws Error when it ends or does not answer in time, with its output
 */
export async function startMinistack(): Promise<Ministack> {
    const executable = process.env.MINISTACK ?? path.join(projectRoot, ".tools/python/bin/ministack");
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "ministack-"));
    const socket = path.join(folder, "ministack.sock");
    const administrator = { accessKeyId: "AKIATESTADMINISTRATOR", secretAccessKey: randomBytes(24).toString("hex") };
    const region = "eu-central-1";
    const { command, environment } = ministackProcess({ executable, socket, region, ...administrator });
    const [python, ...args] = command;
    const child = spawn(python, args, {
        env: { PATH: process.env.PATH, HOME: folder, TMPDIR: folder, ...environment },
        stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += String(chunk)));
    let failure: Error | undefined;
    child.once("error", (error) => (failure = error));
    const stop = async () => {
        if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
            child.kill("SIGKILL");
            await once(child, "exit");
        }
        fs.rmSync(folder, { recursive: true, force: true });
        // A function that a test calls is refused its folder, as it should be.
        const missed = /^(?!.*\[lambda\]).*(ModuleNotFoundError|Permission denied).*$/m.exec(output)?.[0];
        if (missed !== undefined) throw new Error(`MiniStack needed a file that it did not load before: ${missed}`);
    };
    const isHealthy = httpProbe({ socketPath: socket }, "/_ministack/health");
    for (const deadline = Date.now() + startDeadline; ; await delay(50)) {
        if (await isHealthy()) return { socket, ...administrator, region, stop };
        if (failure === undefined && child.exitCode === null && Date.now() < deadline) continue;
        await stop();
        throw new Error(`${executable} did not start: ${failure?.message ?? output}`);
    }
}

/** Finds a port of 127.0.0.1 that was free a moment ago. */
export async function freePort(): Promise<number> {
    const server = net.createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as net.AddressInfo;
    server.close();
    await once(server, "close");
    return port;
}
