import { once } from "node:events";
import * as fs from "node:fs/promises";
import * as net from "node:net";
import * as path from "node:path";
import { checkBuildkitCanRun } from "../../world/services/builder";
import { buildkitdService } from "../../world/services/definitions";
import { worldLayout, type WorldLayout } from "../../world/services/layout";
import { stopService } from "../../world/services/records";
import { clearContainerLeftovers } from "../../world/services/strays";
import { ensureService } from "../../world/services/supervise";
import type { Toolchain } from "../../world/toolchain";

/**
 * Builder of one build, empty as on a fresh host. BuildKit starts with the first connection to the address, so a build that needs no
 * builder starts none.
 */
export class EmptyBuilder {
    private readonly layout: WorldLayout;
    private readonly socket: string;
    private server: net.Server | undefined;
    private buildkit: Promise<unknown> | undefined;
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
        if (this.buildkit === undefined) return;
        await this.buildkit.catch(() => undefined);
        await stopService(this.layout, "buildkitd");
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

    private start(): Promise<unknown> {
        const definition = buildkitdService({ toolchain: this.toolchain, layout: this.layout });
        const ignore = () => undefined;
        return ensureService(definition, this.layout, ignore, ignore, new AbortController().signal);
    }
}
