import { apiError, type Answer } from "./apiError";
import type { ApiCall } from "./apiRequest";
import type { CallHandler } from "./callHandler";
import type { GatewayContext } from "./context";
import { parameterVersionCalls } from "./parameterVersions";
import { ssmCalls } from "./ssmCalls";
import { buildCalls } from "./builds";
import { getParameters } from "./parameters";
import { reportCalls } from "./reports";
import { webhookCalls } from "./webhooks";

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
 * Serves a call that the emulator does not know or does not do right. The caller's policies are evaluated for each
 * resource of the call.
 *
 * @returns undefined when the emulator serves it
 */
export async function serveCall(call: ApiCall, context: GatewayContext): Promise<Answer | undefined> {
    const handler = handlers[call.action ?? ""];
    const principal = context.principals.of(call.accessKeyId);
    // The emulator refuses credentials that it does not know in the right words.
    if (handler === undefined || principal.arn === "unknown") return undefined;
    for (const resource of call.resources.length === 0 ? ["*"] : call.resources) {
        const decision = await context.authorization.decide(principal, call.action ?? "", resource);
        if (!decision.allowed) return apiError(call, 400, "AccessDeniedException", decision.message);
    }
    return handler(call, context);
}
