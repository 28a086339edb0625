import type { Answer } from "../http/messages";
import type { ApiCall, ApiProtocol } from "./apiRequest";

/** Makes an error in the shape that the service's clients parse. @param code error code such as `AccessDenied` */
export function apiError(call: ApiCall, status: number, code: string, message: string): Answer {
    const xml = `<Code>${escapeXml(code)}</Code><Message>${escapeXml(message)}</Message>`;
    const bodies: Record<ApiProtocol, { type: string; body: string }> = {
        json: { type: "application/x-amz-json-1.1", body: JSON.stringify({ __type: code, message }) },
        query: {
            type: "text/xml",
            body: `<ErrorResponse><Error><Type>Sender</Type>${xml}</Error></ErrorResponse>`,
        },
        s3: { type: "application/xml", body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${xml}</Error>` },
    };
    const { type, body } = bodies[call.protocol];
    const headers: Record<string, string> = { "Content-Type": type };
    if (call.protocol === "json") headers["x-amzn-errortype"] = code;
    return { status, headers, body: Buffer.from(body) };
}

/** Pattern of AWS error codes for an unauthenticated or unauthorised caller. */
const refusals =
    /^(AccessDenied|AuthFailure|ExpiredToken|IncompleteSignature|InvalidAccessKeyId|InvalidClientTokenId|InvalidSignature|InvalidToken|MissingAuthenticationToken|SignatureDoesNotMatch|Unauthorized|UnrecognizedClient|UnsupportedSignature)/;

/** Tells whether an answer let the call pass: anything but a refusal of the caller. */
export function isAllowed(status: number, errorTypeHeader: string | undefined, body: string): boolean {
    if (status === 403) return false;
    if (status < 400) return true;
    const code =
        errorTypeHeader ??
        /"__type"\s*:\s*"(?:[^"#]*#)?([^"]+)"/.exec(body)?.[1] ??
        /<Code>([^<]+)<\/Code>/.exec(body)?.[1] ??
        "";
    return !refusals.test(code);
}

function escapeXml(text: string): string {
    return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
