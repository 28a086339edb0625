import type * as http from "node:http";
import { apiError } from "./apiError";
import type { ApiCall, ApiProtocol } from "./apiRequest";
import { type Answer, emulatorHeaders, readBody } from "../http/messages";
import type { Upstream } from "../http/upstream";

/** Call that AWS answers without a signature: its token names the caller (webIdentity.ts). */
const unsignedAction = "sts:AssumeRoleWithWebIdentity";

const missing: Record<ApiProtocol, { code: string; message: string }> = {
    json: { code: "MissingAuthenticationTokenException", message: "Missing Authentication Token" },
    query: { code: "MissingAuthenticationToken", message: "Request is missing Authentication Token" },
    s3: { code: "AccessDenied", message: "Access Denied" },
};

/** Refuses a request without a signature, or with a kind of signature that is not checked. Undefined: not refused. */
export function refuseUnsigned(call: ApiCall, { authorization }: http.IncomingHttpHeaders): Answer | undefined {
    if (call.accessKeyId !== undefined) return undefined;
    if (call.action === unsignedAction && authorization === undefined) return undefined;
    const { code, message } = missing[call.protocol];
    return apiError(call, 403, code, message);
}

/**
 * Asks the emulator to check the signature of a request that the gateway answers: only the emulator has the keys' secrets (see
 * local/aws/ministack/launch.py, add_caller_check). Undefined: the signature is valid.
 *
 * @throws UpstreamError when the emulator cannot be reached
 */
export async function checkSignature(
    { method = "GET", url: path = "/", rawHeaders }: http.IncomingMessage,
    body: Buffer | undefined,
    { upstream }: { upstream: Upstream },
): Promise<Answer | undefined> {
    const headers = [...emulatorHeaders(rawHeaders), "X-Check-Caller", "true"];
    const answer = await upstream.send({ method, path, headers, body });
    const text = await readBody(answer, Infinity);
    if (answer.statusCode === 204) return undefined;
    const type = answer.headers["content-type"] ?? "application/octet-stream";
    return { status: answer.statusCode ?? 502, headers: { "Content-Type": type }, body: text };
}
