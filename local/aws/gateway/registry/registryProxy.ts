import { createHash } from "node:crypto";
import type * as http from "node:http";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { accountId } from "../../ministack/account";
import { BodyTooLargeError, clientGone, passedHeaders, readBody } from "../http/messages";
import { formatTarget, requestTarget } from "../http/requestTarget";
import { UpstreamError } from "../http/upstream";
import type { RegistryContext } from "./registryContext";
import { RegistryExchange } from "./registryExchange";
import type { FaultyAnswer } from "./registryFaults";
import { type RegistryRoute, registryRoute } from "./registryRoute";
import { repositoryArn } from "./repositoryArn";
import { digestOfTag, registryHeaders, tagIsImmutable } from "./repositoryTags";
import { immutableTagMessage } from "./tagMutability";
import type { TokenCheck } from "./tokens";

/** Largest manifest that ECR takes, in bytes (ECR service quotas). */
const largestManifest = 4 * 1024 * 1024;

const tokenRefusals: Record<Exclude<TokenCheck["state"], "valid">, string> = {
    missing: "Not Authorized",
    unknown: "Not Authorized",
    expired: "Your authorization token has expired. Reauthenticate and try again.",
};

/** Serves a request of the registry protocol: authenticates, authorises, protects immutable tags, forwards, counts. */
export async function proxyRegistry(
    request: http.IncomingMessage,
    response: http.ServerResponse,
    context: RegistryContext,
): Promise<void> {
    const target = requestTarget(request.url ?? "/");
    const route = registryRoute(request.method ?? "GET", target);
    const token = context.tokens.check(request.headers.authorization, Date.now());
    const exchange = new RegistryExchange(request, response, context, route, token);
    await context.link.latency();
    if (token.state !== "valid") {
        const challenge = `Basic realm="http://${context.host}/",service="ecr.amazonaws.com"`;
        return exchange.refuse(401, "UNAUTHORIZED", tokenRefusals[token.state], { "WWW-Authenticate": challenge });
    }
    if (route === undefined) {
        return exchange.refuse(404, "UNSUPPORTED", `The registry does not serve ${request.method} ${target.path}.`);
    }
    try {
        for (const action of route.actions) {
            const resource = repositoryArn(context, route.repository);
            const decision = await context.authorization.decide(token.principal, action, resource);
            if (!decision.allowed) return exchange.refuse(403, "DENIED", decision.message);
        }
        const fault = context.faults.take(request.method, route);
        if (fault !== undefined && fault !== "truncate") return answerFault(exchange, fault);
        exchange.isTruncated = fault === "truncate";
        if (route.kind === "upload") await keepReadableMount(target.query, context, token);
        if (route.kind === "manifest" && request.method === "PUT") await putManifest(exchange, route, context);
        else await pass(exchange, context, formatTarget(target), exchange.upload());
    } catch (error) {
        if (response.headersSent || response.destroyed) response.destroy();
        else if (error instanceof UpstreamError) exchange.refuse(502, "UNAVAILABLE", error.message);
        else if (error instanceof BodyTooLargeError) exchange.refuse(413, "SIZE_INVALID", error.message);
        else throw error;
    }
}

/** Turns a mount from a repository that the caller may not read into a plain upload (OCI distribution specification). */
async function keepReadableMount(
    query: URLSearchParams,
    context: RegistryContext,
    token: TokenCheck & { state: "valid" },
): Promise<void> {
    const source = query.get("from");
    if (source === null) return;
    const resource = repositoryArn(context, source);
    const decision = await context.authorization.decide(token.principal, "ecr:GetDownloadUrlForLayer", resource);
    if (decision.allowed) return;
    query.delete("mount");
    query.delete("from");
}

async function putManifest(exchange: RegistryExchange, route: RegistryRoute, context: RegistryContext): Promise<void> {
    const manifest = await readBody(exchange.upload(), largestManifest);
    const { repository, reference } = route;
    const path = `/v2/${repository}/manifests/${reference}`;
    await context.tagWrites.run(`${repository}:${reference}`, async () => {
        if (!reference.includes(":") && tagIsImmutable(context, repository, reference)) {
            const current = await digestOfTag(context, repository, reference);
            const digest = `sha256:${createHash("sha256").update(manifest).digest("hex")}`;
            if (current !== undefined && current !== digest) {
                return exchange.refuse(400, "TAG_INVALID", immutableTagMessage(reference, repository));
            }
        }
        await pass(exchange, context, path, manifest);
    });
}

async function pass(
    exchange: RegistryExchange,
    context: RegistryContext,
    path: string,
    body: Buffer | Readable,
): Promise<void> {
    const { request, response } = exchange;
    const upstream = await context.upstream.send({
        method: request.method ?? "GET",
        path,
        headers: registryHeaders(context, request.rawHeaders),
        body,
        signal: clientGone(response),
    });
    const status = upstream.statusCode ?? 502;
    noteBlob(exchange, context, status);
    if (status === 404 && request.method !== "HEAD") {
        const text = (await readBody(upstream, Infinity)).toString();
        const repository = exchange.route?.repository ?? "";
        if (text.includes('"NAME_UNKNOWN"')) {
            const message = `The repository with name '${repository}' does not exist in the registry with id '${accountId}'`;
            return exchange.refuse(404, "NAME_UNKNOWN", message);
        }
        return exchange.end(status, passedHeaders(upstream.rawHeaders, ["transfer-encoding"]), Buffer.from(text));
    }
    response.writeHead(status, passedHeaders(upstream.rawHeaders, ["transfer-encoding"]));
    if (exchange.isTruncated) return truncateAnswer(upstream, response);
    await pipeline(upstream, exchange.download(status), response);
}

/** Records a complete blob: the digest is in the query of its upload or of its mount. */
function noteBlob({ request, route }: RegistryExchange, { blobs }: RegistryContext, status: number): void {
    if (route?.kind !== "upload" || status !== 201) return;
    const { query } = requestTarget(request.url ?? "/");
    const digest = query.get("digest") ?? query.get("mount");
    if (digest !== null) blobs.add(route.repository, digest);
}

/** Sends the answer of a fault that has its own. */
function answerFault(exchange: RegistryExchange, answer: Exclude<FaultyAnswer, "truncate">): void {
    if (answer === "reset") exchange.response.socket?.resetAndDestroy();
    else if (answer === 429) exchange.refuse(answer, "TOOMANYREQUESTS", "Rate exceeded");
    else exchange.refuse(answer, "UNKNOWN", "The registry failed.");
}

/** Passes half of an answer's body on, and ends the connection. */
async function truncateAnswer(upstream: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const body = await readBody(upstream, Infinity);
    response.write(body.subarray(0, body.length / 2), () => response.destroy());
}
