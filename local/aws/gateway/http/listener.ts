import { once } from "node:events";
import * as http from "node:http";
import * as https from "node:https";
import * as net from "node:net";
import type { Certificate } from "./certificate";

/** First byte of a TLS connection: a handshake record. */
const tlsHandshake = 0x16;

/**
 * Listens for http and https on one port of 127.0.0.1. BuildKit and the AWS clients speak http to a loopback address. The docker-build
 * provider reads images and indexes from registries by https only. Image references must be the same for both, so the first byte of a
 * connection decides.
 *
 * @throws Error when the port is taken
 */
export async function listen(port: number, certificate: Certificate, handle: http.RequestListener) {
    const sockets = new Set<net.Socket>();
    const answers = new Set<http.ServerResponse>();
    const onRequest: http.RequestListener = (request, response) => {
        answers.add(response);
        response.once("close", () => {
            answers.delete(response);
            if (!front.listening && answers.size === 0) endConnections(sockets);
        });
        handle(request, response);
    };
    const plain = configured(http.createServer(onRequest));
    const encrypted = configured(https.createServer(certificate, onRequest));
    const front = net.createServer((socket) => {
        sockets.add(socket);
        socket.once("close", () => sockets.delete(socket));
        socket.on("error", () => socket.destroy());
        socket.once("readable", () => {
            const first = socket.read(1) as Buffer | null;
            // A client that left without a word.
            if (first === null) return void socket.destroy();
            socket.unshift(first);
            (first[0] === tlsHandshake ? encrypted : plain).emit("connection", socket);
        });
    });
    front.listen(port, "127.0.0.1");
    try {
        await once(front, "listening");
    } catch (error) {
        const reason = (error as Error).message;
        throw new Error(`The gateway cannot listen on 127.0.0.1:${port} (${reason}); free the port.`, { cause: error });
    }
    return {
        port: (front.address() as net.AddressInfo).port,
        /** Refuses further connections and resolves when those in use have ended, or after the given milliseconds. */
        close: async (graceMilliseconds: number) => {
            const closed = once(front, "close");
            front.close();
            if (answers.size === 0) endConnections(sockets);
            const timer = setTimeout(() => endConnections(sockets), graceMilliseconds);
            await closed;
            clearTimeout(timer);
        },
    };
}

/** Configures a server without time limits: a push may take as long as it needs, and a client may keep its connection. */
function configured<T extends http.Server | https.Server>(server: T): T {
    server.requestTimeout = 0;
    server.keepAliveTimeout = 65_000;
    return server;
}

function endConnections(sockets: Set<net.Socket>): void {
    for (const socket of sockets) socket.destroy();
}
