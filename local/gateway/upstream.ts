import * as http from "node:http";
import { pipeline, type Readable } from "node:stream";

/** A request to the emulator. */
export interface UpstreamRequest {
    /** HTTP method. */
    method: string;
    /** Path with the query string. */
    path: string;
    /** Names and values in turn, as in http.IncomingMessage.rawHeaders, with Host. */
    headers: string[];
    /** The whole body or a stream of it. @default no body */
    body?: Buffer | Readable;
    /** Ends the request when the client is gone. @default none */
    signal?: AbortSignal;
}

/** The emulator did not answer. */
export class UpstreamError extends Error {}

/** The emulator hangs up after 5 s without a request (hypercorn's default); the gateway has to do so earlier. */
const idleMilliseconds = 4000;

/** Sends requests to the emulator over kept connections. */
export class Upstream {
    private readonly agent = new http.Agent({ keepAlive: true, timeout: idleMilliseconds });

    /** @param origin address of the emulator */
    constructor(readonly origin: URL) {}

    /**
     * Sends a request and gives the answer as soon as its headers are there.
     *
     * @throws UpstreamError when the emulator cannot be reached
     */
    send({ method, path, headers, body, signal }: UpstreamRequest): Promise<http.IncomingMessage> {
        return new Promise((resolve, reject) => {
            const outgoing = http.request({
                agent: this.agent,
                host: this.origin.hostname,
                port: this.origin.port,
                method,
                path,
                headers,
                signal,
            });
            const fail = (error: Error) =>
                reject(
                    new UpstreamError(
                        `The emulator at ${this.origin.origin} did not answer (${error.message}); check that it runs.`,
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
