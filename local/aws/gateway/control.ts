import { createHash, timingSafeEqual } from "node:crypto";
import type * as http from "node:http";
import type { Connections } from "../pipeline/connections";
import { administratorHeader } from "./askGateway";
import { readBody, sendAnswer, sendJson } from "./http/messages";
import { requestTarget } from "./http/requestTarget";
import { parseLimits } from "./http/shaping";
import { emulatorHost, UpstreamError } from "./http/upstream";
import type { ImageScans } from "./registry/imageScans";
import type { RegistryContext } from "./registry/registryContext";

/** Parts of the gateway that requests about itself need. */
export type ControlContext = Pick<RegistryContext, "faults" | "link" | "traffic" | "upstream"> & {
    /** Results of scans. */
    scans: ImageScans;
    /** Folders that stand for repositories. */
    connections: Connections;
    /** Access key of the administrator. */
    configuration: { accessKeyId: string; secretAccessKey: string };
};

type Handler = (
    request: http.IncomingMessage,
    response: http.ServerResponse,
    context: ControlContext,
) => Promise<void> | void;

/** Handlers of requests about the gateway itself, by method and path. */
const handlers: Partial<Record<string, Handler>> = {
    "GET /_gateway/health": health,
    "GET /_gateway/traffic": (_request, response, context) => sendJson(response, 200, context.traffic.reading()),
    "POST /_gateway/limits": (request, response, context) =>
        set(request, response, (value) => (context.link.limits = parseLimits(value))),
    "GET /_gateway/faults": (_request, response, context) => sendJson(response, 200, { met: context.faults.met }),
    "POST /_gateway/faults": (request, response, context) =>
        set(request, response, (value) => context.faults.set(value)),
    "POST /_gateway/scans": (request, response, context) => set(request, response, (value) => context.scans.set(value)),
    "GET /_gateway/connections": (_request, response, context) => sendJson(response, 200, context.connections.list()),
    "POST /_gateway/connections": (request, response, context) =>
        set(request, response, (value) => context.connections.set(value)),
};

/**
 * Tells whether a path is about the gateway itself or about the emulator, which clients may not control. No AWS API has paths that begin
 * with an underscore, and no bucket has such a name.
 */
export function isControlPath(path: string): boolean {
    return decodeURIComponent(path).startsWith("/_");
}

/** Answers a request about the gateway itself. Everybody may ask for its health, only the administrator for the rest. */
export async function control(
    request: http.IncomingMessage,
    response: http.ServerResponse,
    context: ControlContext,
): Promise<void> {
    const route = `${request.method} ${requestTarget(request.url ?? "/").path}`;
    const handler = handlers[route];
    if (handler === undefined) {
        return sendJson(response, 404, {
            error: `${route} is not served; there is ${Object.keys(handlers).join(", ")}.`,
        });
    }
    if (handler === health || isAdministrator(request.headers.authorization, context.configuration)) {
        return handler(request, response, context);
    }
    const error = `${route} is for the administrator; send the access key's id and secret as user and password.`;
    const body = Buffer.from(JSON.stringify({ error }));
    sendAnswer(response, {
        status: 401,
        headers: { "WWW-Authenticate": "Basic", "Content-Type": "application/json" },
        body,
    });
}

function isAdministrator(authorization = "", administrator: ControlContext["configuration"]): boolean {
    const hash = (text: string) => createHash("sha256").update(text).digest();
    return timingSafeEqual(hash(authorization), hash(administratorHeader(administrator)));
}

async function health(
    _request: http.IncomingMessage,
    response: http.ServerResponse,
    context: ControlContext,
): Promise<void> {
    try {
        const answer = await context.upstream.send({
            method: "GET",
            path: "/_ministack/health",
            headers: ["Host", emulatorHost],
        });
        answer.resume();
        if (answer.statusCode === 200) return sendJson(response, 200, { status: "running" });
        sendJson(response, 503, { error: `The emulator's health check answers ${answer.statusCode}.` });
    } catch (error) {
        if (!(error instanceof UpstreamError)) throw error;
        sendJson(response, 502, { error: error.message });
    }
}

/** Reads a JSON value and applies it; answers with the values in force, or with the fault of the given ones. */
async function set(
    request: http.IncomingMessage,
    response: http.ServerResponse,
    take: (value: unknown) => unknown,
): Promise<void> {
    const text = (await readBody(request, 4096)).toString();
    try {
        sendJson(response, 200, take(JSON.parse(text)));
    } catch (error) {
        sendJson(response, 400, { error: (error as Error).message });
    }
}
