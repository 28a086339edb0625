import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs/promises";
import * as net from "node:net";
import * as path from "node:path";
import { checkBuildkitCanRun } from "../../world/services/builder";
import { buildkitdService } from "../../world/services/definitions";
import { baseEnvironment } from "../../world/services/environment";
import { worldLayout, type WorldLayout } from "../../world/services/layout";
import { openLog, reasonInLog } from "../../world/services/serviceLog";
import { clearContainerLeftovers } from "../../world/services/strays";
import { waitFor } from "../../machine/waitFor";
import type { Toolchain } from "../../world/toolchain";

/** Time (milliseconds) that BuildKit may take to end after SIGTERM. */
const graceMilliseconds = 10_000;

/**
 * Builder of one build, empty as on a fresh host. BuildKit starts with the first connection to the address, so a build that needs no
 * builder starts none.
 */
export class EmptyBuilder {
    private readonly layout: WorldLayout;
    private readonly socket: string;
    private server: net.Server | undefined;
    private buildkit: Promise<ChildProcess> | undefined;
    private readonly connections = new Set<net.Socket>();

    /**
     * @param folder existing folder for all data of the builder
     * @param onFailure function that takes one sentence when BuildKit could not be started
     */
    constructor(
        folder: string,
        private readonly toolchain: Toolchain,
        private readonly onFailure: (sentence: string) => void,
    ) {
        this.layout = worldLayout(folder);
        this.socket = path.join(this.layout.run, "builder.sock");
    }

    /** Address for a buildx driver of the kind `remote`. */
    get address(): string {
        return `unix://${this.socket}`;
    }

    /** Whether BuildKit was started. */
    get started(): boolean {
        return this.buildkit !== undefined;
    }

    /** Listens at the address. @throws Error of one sentence when BuildKit cannot run here */
    async listen(): Promise<void> {
        checkBuildkitCanRun(this.layout);
        for (const folder of [this.layout.run, this.layout.data, this.layout.temporary, this.layout.logs]) {
            await fs.mkdir(folder, { recursive: true, mode: 0o700 });
        }
        this.server = net.createServer((client) => void this.connect(client));
        this.server.listen(this.socket);
        await once(this.server, "listening");
    }

    /** Ends BuildKit and removes all its data. */
    async close(): Promise<void> {
        this.server?.close();
        for (const connection of this.connections) connection.destroy();
        const child = await this.buildkit?.catch(() => undefined);
        if (child === undefined) return;
        await endProcess(child);
        await clearContainerLeftovers(this.layout.buildkitData);
    }

    private async connect(client: net.Socket): Promise<void> {
        this.hold(client);
        client.pause();
        this.buildkit ??= this.start();
        try {
            await this.buildkit;
        } catch (error) {
            this.onFailure((error as Error).message);
            client.destroy();
            return;
        }
        const server = this.hold(net.connect(this.layout.buildkitSocket));
        client.pipe(server).pipe(client);
        client.once("close", () => server.destroy());
        server.once("close", () => client.destroy());
    }

    private hold(socket: net.Socket): net.Socket {
        this.connections.add(socket);
        socket.on("error", () => socket.destroy()).once("close", () => this.connections.delete(socket));
        return socket;
    }

    private async start(): Promise<ChildProcess> {
        const { command, environment, probe, deadline } = buildkitdService({
            toolchain: this.toolchain,
            layout: this.layout,
        });
        const [executable, ...args] = command;
        const logFile = path.join(this.layout.logs, "buildkitd.log");
        const log = await openLog(logFile);
        try {
            const child = spawn(executable, args, {
                cwd: this.layout.folder,
                env: { ...baseEnvironment(this.layout), ...environment },
                stdio: ["ignore", log.fd, log.fd],
            });
            await once(child, "spawn");
            const outcome = await waitFor(async () => (hasEnded(child) ? "ended" : await probe()), deadline);
            if (outcome !== undefined && outcome !== "ended") return child;
            await endProcess(child);
            const what = outcome === "ended" ? "ended while it was starting" : "did not become healthy";
            throw new Error(`BuildKit ${what}: ${await reasonInLog(logFile)}`);
        } finally {
            await log.close();
        }
    }
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
    return exitCode !== null || signalCode !== null;
}

async function endProcess(child: ChildProcess): Promise<void> {
    if (hasEnded(child)) return;
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), graceMilliseconds);
    await ended;
    clearTimeout(timer);
}
