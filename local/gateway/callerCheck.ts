import { apiError, type Answer } from "./apiError";
import type { ApiCall, ApiProtocol } from "./apiRequest";

/** Calls that AWS answers without a signature. */
const unsignedActions = new Set(["sts:AssumeRoleWithWebIdentity", "sts:AssumeRoleWithSAML"]);

interface Refusal {
    code: string;
    message: string;
}

const missing: Record<ApiProtocol, Refusal> = {
    json: { code: "MissingAuthenticationTokenException", message: "Missing Authentication Token" },
    query: { code: "MissingAuthenticationToken", message: "Request is missing Authentication Token" },
    s3: { code: "AccessDenied", message: "Access Denied" },
};

const unknown: Record<ApiProtocol, Refusal> = {
    json: {
        code: "UnrecognizedClientException",
        message: "The security token included in the request is invalid.",
    },
    query: { code: "InvalidClientTokenId", message: "The security token included in the request is invalid." },
    s3: {
        code: "InvalidAccessKeyId",
        message: "The AWS Access Key Id you provided does not exist in our records.",
    },
};

/**
 * Refuses the callers that the emulator would take for its administrator although they are not: unsigned requests,
 * the key "test" and account ids (ministack core/iam_evaluator.py, is_root_access_key). Undefined: not refused.
 */
export function refuseCaller(call: ApiCall, administratorAccessKeyId: string): Answer | undefined {
    if (call.accessKeyId === administratorAccessKeyId) return undefined;
    if (call.accessKeyId === undefined) {
        return unsignedActions.has(call.action ?? "") ? undefined : refuse(call, missing[call.protocol]);
    }
    const passesForAdministrator = call.accessKeyId === "test" || /^\d{12}$/.test(call.accessKeyId);
    return passesForAdministrator ? refuse(call, unknown[call.protocol]) : undefined;
}

function refuse(call: ApiCall, { code, message }: Refusal): Answer {
    return apiError(call, 403, code, message);
}
