import * as http from "node:http";
import type { AddressInfo } from "node:net";

/** Server of packages on 127.0.0.1 that counts its bytes. */
export interface PackageServer {
    /** Address of the server, without a slash at the end. */
    url: string;
    /** Number of bytes sent so far. */
    readonly bytes: number;
    stop(): Promise<void>;
}

/** Starts a server. @param files contents by path, such as `/simple/one/` */
export async function startPackageServer(files: Record<string, string | Buffer>): Promise<PackageServer> {
    let bytes = 0;
    const server = http.createServer((request, response) => {
        const content = files[request.url ?? ""];
        if (content === undefined) return response.writeHead(404).end();
        bytes += content.length;
        const isPage = request.url?.endsWith("/") ?? false;
        // As PyPI does; pip keeps nothing that may not be kept.
        const caching = { "Cache-Control": isPage ? "no-cache" : "max-age=365000000, immutable" };
        const type = isPage ? "text/html" : "application/octet-stream";
        return response.writeHead(200, { "Content-Type": type, ...caching }).end(content);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    return {
        url: `http://127.0.0.1:${port}`,
        get bytes() {
            return bytes;
        },
        stop: () =>
            new Promise((resolve) => {
                server.close(() => resolve());
                server.closeAllConnections();
            }),
    };
}
