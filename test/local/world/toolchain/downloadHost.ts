import { once } from "node:events";
import * as http from "node:http";
import type { AddressInfo } from "node:net";

/** Function with which a host of downloads answers a request for a path. */
export type Answer = (response: http.ServerResponse) => void;

/** Server that plays the host of downloads. */
export interface DownloadHost {
    /** URL without a slash at its end. */
    url: string;
    /** Requested paths, in order. */
    requests: string[];
    /** Ends the server, with connections that still wait. */
    stop: () => Promise<void>;
}

/** Starts a server; a path without an answer is not found. */
export async function startDownloadHost(answers: Record<string, Answer>): Promise<DownloadHost> {
    const requests: string[] = [];
    const server = http.createServer((request, response) => {
        requests.push(request.url ?? "");
        const answer = answers[request.url ?? ""];
        if (answer === undefined) response.writeHead(404).end();
        else answer(response);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return {
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        requests,
        stop: async () => {
            server.close();
            server.closeAllConnections();
            await once(server, "close");
        },
    };
}
