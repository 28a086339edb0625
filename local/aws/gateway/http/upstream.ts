import * as http from "node:http";
import * as net from "node:net";
import { pipeline, type Readable } from "node:stream";

/** Request to the emulator. */
export interface UpstreamRequest {
    /** HTTP method of the request. */
    method: string;
    /** Path with the query string. */
    path: string;
    /** Names and values of headers in turn, as in http.IncomingMessage.rawHeaders, with Host. */
    headers: string[];
    /** Whole body or a stream of it. @default no body */
    body?: Buffer | Readable;
    /** Signal that ends the request when the client is gone. @default none */
    signal?: AbortSignal;
}

/** Error for an emulator that did not answer. */
export class UpstreamError extends Error {}

/** Time (milliseconds) that an unused connection is kept; the emulator keeps it longer (local/aws/ministack/launch.py). */
const idleMilliseconds = 4000;

/** Host header of requests to the emulator that concern no host. */
export const emulatorHost = "localhost";

/** Agent whose connections lead to the emulator's Unix socket, whatever address a request names. */
class SocketAgent extends http.Agent {
    /** @param socket path of the socket */
    constructor(private readonly socket: string) {
        super({ keepAlive: true, timeout: idleMilliseconds });
    }

    override createConnection(): net.Socket {
        return net.connect(this.socket);
    }
}

/** Client of the emulator over kept connections. */
export class Upstream {
    /** Agent of the connections, for other clients of the emulator. */
    readonly agent: SocketAgent;

    /** @param socket path of the Unix socket that the emulator listens on */
    constructor(private readonly socket: string) {
        this.agent = new SocketAgent(socket);
    }

    /**
     * Sends a request and returns the answer as soon as its headers have arrived.
     *
     * @throws UpstreamError when the emulator cannot be reached
     */
    send({ method, path, headers, body, signal }: UpstreamRequest): Promise<http.IncomingMessage> {
        return new Promise((resolve, reject) => {
            const outgoing = http.request({ agent: this.agent, host: emulatorHost, method, path, headers, signal });
            const fail = (error: Error) =>
                reject(
                    new UpstreamError(
                        `The emulator at ${this.socket} did not answer (${error.message}); check that it runs.`,
                        { cause: error },
                    ),
                );
            outgoing.on("response", resolve);
            outgoing.on("error", fail);
            if (body === undefined || Buffer.isBuffer(body)) outgoing.end(body);
            else pipeline(body, outgoing, (error) => error && fail(error));
        });
    }

    /** Closes the kept connections. */
    close(): void {
        this.agent.destroy();
    }
}
