import type { KeyObject } from "node:crypto";
import type * as http from "node:http";
import { pipeline as pipe } from "node:stream";
import { pipeline } from "node:stream/promises";
import { apiError, isAllowed } from "./call/apiError";
import { refuseAmbiguous } from "./call/ambiguity";
import type { ApiCall, ApiRequest } from "./call/apiRequest";
import { checkSignature, refuseUnsigned } from "./call/callerCheck";
import { header, identify, isForm } from "./call/identify";
import { editAnswer, type EditContext, editsAnswer } from "./editAnswer";
import {
    type Answer,
    BodyTooLargeError,
    clientGone,
    emulatorHeaders,
    passedHeaders,
    readBody,
    sendAnswer,
} from "./http/messages";
import { MeteredStream } from "./http/shaping";
import { UpstreamError } from "./http/upstream";
import { issuesCredentials } from "./iam/principals";
import type { ServiceRoles } from "./iam/serviceRoles";
import { refuseToken } from "./iam/webIdentity";
import { refusePutImage } from "./registry/putImage";
import { serveCall, type ServedCallContext } from "./servedCalls";

/** Parts of the gateway that forward AWS API requests. */
export type ApiContext = ServedCallContext &
    EditContext & {
        /** Roles that services of this world assume. */
        serviceRoles: ServiceRoles;
        /** Key that signs tokens of CI jobs. */
        tokenKey: KeyObject;
    };

/** Size limit, in bytes, of a request that names its action in the body: ECR's layer parts (10 MiB in base64) are the largest. */
const largestCall = 32 * 1024 * 1024;

/** Forwards an AWS API request to the emulator and its answer back, and writes the access log. */
export async function proxyApi(
    request: http.IncomingMessage,
    response: http.ServerResponse,
    context: ApiContext,
): Promise<void> {
    const described = {
        method: request.method ?? "GET",
        url: request.url ?? "/",
        headers: request.headersDistinct,
        body: Buffer.alloc(0),
    };
    const { region, accessKeyId } = context.configuration;
    let call = identify(described, region);
    await context.link.latency();
    const reply = (answer: Answer) => {
        logCall(context, call, answer.status, isAllowed(answer.status, undefined, answer.body.toString()));
        sendAnswer(response, answer);
    };
    try {
        const body = namesActionInBody(described) ? await readBody(request, largestCall) : undefined;
        const whole = { ...described, body: body ?? described.body };
        if (body !== undefined) call = identify(whole, region);
        const refusal =
            refuseAmbiguous(whole, call) ??
            refuseUnsigned(call, request.headers) ??
            refuseToken(call, context.tokenKey, Date.now() / 1000);
        if (refusal !== undefined) return reply(refusal);
        const send = () => forward(request, response, context, call, body);
        const authenticate = () => checkSignature(request, body, context);
        const served = await serveCall(call, context, authenticate);
        if (served !== undefined) return reply(served);
        const callsAsAdministrator = call.accessKeyId === accessKeyId;
        if (context.serviceRoles.concerns(call)) {
            const headers = callsAsAdministrator ? request.headers : {};
            return await context.serviceRoles.run(call, headers, { authenticate, send, refuse: reply });
        }
        if (call.action !== "ecr:PutImage") return await send();
        const { repositoryName, imageTag } = call.members;
        await context.tagWrites.run(`${String(repositoryName)}:${String(imageTag)}`, async () => {
            const refused = await refusePutImage(call, context, authenticate);
            return refused === undefined ? send() : reply(refused);
        });
    } catch (error) {
        if (response.headersSent || response.destroyed) {
            response.destroy();
            return;
        }
        const status = error instanceof UpstreamError ? 502 : error instanceof BodyTooLargeError ? 413 : undefined;
        if (status === undefined) throw error;
        const code = status === 502 ? "ServiceUnavailable" : "RequestEntityTooLarge";
        reply(apiError(call, status, code, (error as Error).message));
    }
}

async function forward(
    request: http.IncomingMessage,
    response: http.ServerResponse,
    context: ApiContext,
    call: ApiCall,
    requestBody: Buffer | undefined,
): Promise<void> {
    const up = new MeteredStream(context.link, "up");
    const upstream = await context.upstream.send({
        method: request.method ?? "GET",
        path: request.url ?? "/",
        headers: emulatorHeaders(request.rawHeaders),
        // An error reaches whoever reads the returned stream, so there is nothing to do with it here.
        body: requestBody ?? pipe(request, up, () => undefined),
        signal: clientGone(response),
    });
    const status = upstream.statusCode ?? 502;
    if (changesPolicies(call.action)) context.authorization.forget();
    if (call.action === "ecr:CreateRepository" && status < 400) {
        await context.blobs.removeEarlier(String(call.members.repositoryName), context.upstream);
    }
    const streamed = status < 400 && !editsAnswer(call.action) && !issuesCredentials(call.action);
    const headers = passedHeaders(upstream.rawHeaders, ["transfer-encoding"]);
    if (streamed) {
        logCall(context, call, status, true);
        response.writeHead(status, headers);
        const down = new MeteredStream(context.link, "down", () => {
            if (call.service === "s3") context.traffic.addObject({ down: down.bytes, up: up.bytes });
        });
        await pipeline(upstream, down, response);
        return;
    }
    const body = await readBody(upstream, Infinity);
    if (status >= 400) {
        const errorType = upstream.headers["x-amzn-errortype"];
        logCall(context, call, status, isAllowed(status, errorType?.toString(), body.toString()));
        response.writeHead(status, headers);
        response.end(body);
        return;
    }
    context.principals.learn(call, body.toString());
    const type = upstream.headers["content-type"] ?? "application/octet-stream";
    const answer = await editAnswer({ status, headers: { "Content-Type": type }, body }, call, context);
    logCall(context, call, answer.status, isAllowed(answer.status, undefined, answer.body.toString()));
    sendAnswer(response, answer);
}

/**
 * Tells whether a request names its action in the body, as JSON and query calls do. S3 and Lambda name it in the path, and their bodies may
 * be large.
 */
function namesActionInBody(request: ApiRequest): boolean {
    return isForm(request) || header(request, "x-amz-target") !== undefined;
}

function changesPolicies(action: string | null): boolean {
    return /^((iam|sts):(?!Get|List|Simulate|Generate)|ecr:(Set|Delete)RepositoryPolicy)/.test(action ?? "");
}

function logCall(context: ApiContext, call: ApiCall, status: number, allowed: boolean): void {
    context.accessLog.append({
        time: new Date().toISOString(),
        principal: context.principals.of(call.accessKeyId).arn,
        action: call.action,
        resource: call.resources.join(",") || "*",
        allowed,
        status,
    });
}
