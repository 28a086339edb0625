import { apiError, type Answer } from "./apiError";
import type { ApiCall } from "./apiRequest";
import type { CallHandler } from "./callHandler";
import type { GatewayContext } from "../context";
import { parameterVersionCalls } from "../services/parameterVersions";
import { ssmCalls } from "../services/ssmCalls";
import { buildCalls } from "../services/builds";
import { getParameters } from "../services/parameters";
import { reportCalls } from "../services/reports";
import { webhookCalls } from "../services/webhooks";

/** Calls that the gateway serves itself, by IAM action. */
const handlers: Partial<Record<string, CallHandler>> = {
    ...parameterVersionCalls,
    ...ssmCalls,
    ...buildCalls,
    ...reportCalls,
    ...webhookCalls,
    "ssm:GetParameters": getParameters,
};

/**
 * Serves a call that the emulator does not know or does not do right. The caller's signature is checked, and its policies are
 * evaluated for each resource of the call.
 *
 * @param authenticate gives the refusal of a caller whose signature is not good
 * @returns undefined when the emulator serves it
 */
export async function serveCall(
    call: ApiCall,
    context: GatewayContext,
    authenticate: () => Promise<Answer | undefined>,
): Promise<Answer | undefined> {
    const handler = handlers[call.action ?? ""];
    const principal = context.principals.of(call.accessKeyId);
    // The emulator refuses credentials that it does not know in the right words.
    if (handler === undefined || principal.arn === "unknown") return undefined;
    const refusal = await authenticate();
    if (refusal !== undefined) return refusal;
    for (const resource of call.resources.length === 0 ? ["*"] : call.resources) {
        const decision = await context.authorization.decide(principal, call.action ?? "", resource);
        if (!decision.allowed) return apiError(call, 400, "AccessDeniedException", decision.message);
    }
    return handler(call, context);
}
