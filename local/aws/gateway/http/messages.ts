import type * as http from "node:http";
import type { Readable } from "node:stream";

/** Answer of the gateway itself. */
export interface Answer {
    /** HTTP status of the answer. */
    status: number;
    /** Headers by name. */
    headers: Record<string, string>;
    /** Bytes of the body. */
    body: Buffer;
}

/** Error for a body larger than the gateway holds in memory. */
export class BodyTooLargeError extends Error {}

/** Headers that belong to one connection and are not forwarded (RFC 9110 7.6.1; Expect is answered by the server). */
const connectionHeaders = new Set(["connection", "expect", "keep-alive", "proxy-connection"]);

/**
 * Copies raw headers (names and values in turn). Headers of the connection, headers that let pages of other origins read an answer, and
 * `drop` (lower case) are left out.
 */
export function passedHeaders(rawHeaders: string[], drop: string[] = []): string[] {
    const kept: string[] = [];
    for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
        const [name = "", value = ""] = rawHeaders.slice(index, index + 2);
        const lower = name.toLowerCase();
        const isDropped = connectionHeaders.has(lower) || lower.startsWith("access-control-") || drop.includes(lower);
        if (!isDropped) kept.push(name, value);
    }
    return kept;
}

/**
 * Makes the headers of an API request to the emulator. The gateway replaces AWS's own endpoints, which use TLS. So policies that demand
 * `aws:SecureTransport` must not refuse every request here.
 */
export function emulatorHeaders(rawHeaders: string[]): string[] {
    const own = ["X-Forwarded-Proto", "https"];
    return [...passedHeaders(rawHeaders, ["x-forwarded-proto", "x-check-caller"]), ...own];
}

/**
 * Reads a body into memory. Bytes beyond the limit are read and dropped, so that the client can still be answered.
 *
 * @param limit most bytes to hold
 * @throws BodyTooLargeError
 */
export async function readBody(stream: Readable, limit: number): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of stream as AsyncIterable<Buffer>) {
        size += chunk.length;
        if (size <= limit) chunks.push(chunk);
    }
    if (size > limit) throw new BodyTooLargeError(`The body has ${size} bytes; at most ${limit} are taken.`);
    return Buffer.concat(chunks);
}

/** Sends an answer with its length. */
export function sendAnswer(response: http.ServerResponse, { status, headers, body }: Answer): void {
    response.writeHead(status, { ...headers, "Content-Length": body.length });
    response.end(body);
}

/** Sends a JSON value. */
export function sendJson(response: http.ServerResponse, status: number, value: unknown): void {
    sendAnswer(response, {
        status,
        headers: { "Content-Type": "application/json" },
        body: Buffer.from(`${JSON.stringify(value)}\n`),
    });
}

/** Makes a signal that aborts when the client leaves before its answer is complete. */
export function clientGone(response: http.ServerResponse): AbortSignal {
    const controller = new AbortController();
    response.once("close", () => {
        if (!response.writableFinished) controller.abort(new Error("the client left"));
    });
    return controller.signal;
}
