import { once } from "node:events";
import { createReadStream } from "node:fs";
import * as fs from "node:fs/promises";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as path from "node:path";
import { pipeline } from "node:stream/promises";
import { Link, type LinkLimits, MeteredStream } from "../../local/aws/gateway/http/shaping";

/** Traffic of the server. */
export interface PackageTraffic {
    /** Number of packages, without indexes and other metadata. */
    packages: number;
    /** Bytes of all requested files. */
    bytes: number;
}

/** Endings of files that are packages: wheels and source distributions, modules, tarballs. */
const packageFile = /\.(whl|zip|tgz)$/;

/** Server of a folder by http on a free port of 127.0.0.1, with a simulated line of its own. */
export class PackageServer {
    private readonly link = new Link();
    private readonly traffic: PackageTraffic = { packages: 0, bytes: 0 };

    private constructor(
        private readonly folder: string,
        private readonly server: http.Server,
    ) {}

    /** Starts the server. @param folder an existing folder (absolute) */
    static async start(folder: string): Promise<PackageServer> {
        const server = http.createServer();
        const started = new PackageServer(folder, server);
        server.on("request", (request, response) => {
            started.answer(request, response).catch(() => response.destroy());
        });
        server.listen(0, "127.0.0.1");
        await once(server, "listening");
        return started;
    }

    /** Address, such as http://127.0.0.1:5000. */
    get origin(): string {
        return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    }

    /** Sets the limits of the server's line. */
    limit(limits: LinkLimits): void {
        this.link.limits = limits;
    }

    /** Returns the sums so far; two readings can be subtracted. */
    reading(): PackageTraffic {
        return { ...this.traffic };
    }

    /** Ends the server and its connections. */
    async close(): Promise<void> {
        this.server.close();
        this.server.closeAllConnections();
        await once(this.server, "close");
    }

    private async answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
        await this.link.latency();
        const { pathname } = new URL(request.url ?? "/", this.origin);
        const requested = decodeURIComponent(pathname).replace(/\/$/, "/index.html");
        const file = path.join(this.folder, path.normalize(requested));
        const found = await fs.stat(file).catch(() => undefined);
        if (!found?.isFile()) {
            response.writeHead(404).end();
            return;
        }
        const isPackage = packageFile.test(file);
        const type = file.endsWith(".html") ? "text/html" : "application/octet-stream";
        response.writeHead(200, {
            "Content-Type": type,
            "Content-Length": found.size,
            // As PyPI's: without it pip keeps no package in its cache.
            ...(isPackage && { "Cache-Control": "max-age=365000000, immutable, public" }),
        });
        if (request.method === "HEAD") return void response.end();
        // Before the last byte, with which the client goes on.
        this.traffic.packages += isPackage ? 1 : 0;
        this.traffic.bytes += found.size;
        await pipeline(createReadStream(file), new MeteredStream(this.link, "down"), response);
    }
}
