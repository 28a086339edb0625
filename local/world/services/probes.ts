import * as fs from "node:fs/promises";
import * as http from "node:http";
import * as http2 from "node:http2";
import * as net from "node:net";

/** Time limit (milliseconds) of one look at a service. */
const probeTimeout = 2_000;

/** Result of a look at a healthy service. */
export interface Health {
    /** TCP port that the service listens on, when it has one. */
    port?: number;
}

/** Function that looks at a service once; undefined means not healthy now. */
export type Probe = () => Promise<Health | undefined>;

/** Makes a probe for a service that answers GET with 200 on a port of 127.0.0.1, or on a Unix socket. */
export function httpProbe(address: { port: number } | { socketPath: string }, path: string): Probe {
    return () =>
        new Promise((resolve) => {
            const signal = AbortSignal.timeout(probeTimeout);
            const request = http.get({ host: "127.0.0.1", ...address, path, signal }, (response) => {
                response.resume();
                resolve(response.statusCode === 200 ? ("port" in address ? address : {}) : undefined);
            });
            request.on("error", () => resolve(undefined));
        });
}

/** Makes a probe for a service that prints its port on a line of its own, and listens there. */
export function printedPortProbe(logFile: string): Probe {
    return async () => {
        const log = await fs.readFile(logFile, "utf8").catch(() => "");
        const printed = /^\d{1,5}$/m.exec(log)?.[0];
        if (printed === undefined) return undefined;
        const port = Number(printed);
        return (await connects(() => net.connect(port, "127.0.0.1"), "connect")) ? { port } : undefined;
    };
}

/** Makes a probe for a gRPC service on a Unix socket. The service has to send its HTTP/2 settings: BuildKit listens some time before it serves. */
export function grpcSocketProbe(socket: string): Probe {
    return async () => {
        const connect = () => http2.connect("http://localhost", { createConnection: () => net.connect(socket) });
        return (await connects(connect, "remoteSettings")) ? {} : undefined;
    };
}

function connects(connect: () => net.Socket | http2.ClientHttp2Session, event: string): Promise<boolean> {
    return new Promise((resolve) => {
        const connection = connect();
        const finish = (result: boolean) => {
            clearTimeout(timer);
            connection.destroy();
            resolve(result);
        };
        const timer = setTimeout(() => finish(false), probeTimeout);
        connection.once(event, () => finish(true));
        connection.on("error", () => finish(false));
    });
}
