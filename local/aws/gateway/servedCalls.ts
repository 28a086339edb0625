import { RequestError } from "../requestError";
import { apiError } from "./call/apiError";
import type { ApiCall } from "./call/apiRequest";
import type { CallHandler } from "./call/callHandler";
import type { Answer } from "./http/messages";
import type { RegistryContext } from "./registry/registryContext";
import { scanCalls, type ScanContext } from "./registry/scanFindings";
import { connectionCalls, type ConnectionContext } from "./services/connections";
import { buildCalls, type BuildContext } from "./services/builds";
import { executionCalls, type ExecutionContext } from "./services/pipelineExecutions";
import { pipelineCalls, type PipelineContext } from "./services/pipelines";
import { parameterCalls, type ParameterContext } from "./services/parameters";
import { reportCalls, type ReportContext } from "./services/reports";
import { ssmCalls, type SsmContext } from "./services/ssmCalls";
import { webhookCalls, type WebhookContext } from "./services/webhooks";

/** Parts of the gateway that serve calls. */
export type ServedCallContext = BuildContext &
    ConnectionContext &
    ExecutionContext &
    ParameterContext &
    PipelineContext &
    ReportContext &
    ScanContext &
    SsmContext &
    WebhookContext &
    Pick<RegistryContext, "authorization">;

/** Handlers of calls that the gateway serves itself, by IAM action. */
const handlers: Partial<Record<string, CallHandler<ServedCallContext>>> = {
    ...parameterCalls,
    ...ssmCalls,
    ...buildCalls,
    ...connectionCalls,
    ...pipelineCalls,
    ...executionCalls,
    ...reportCalls,
    ...scanCalls,
    ...webhookCalls,
};

/**
 * Serves a call that the emulator lacks or serves wrongly. The caller's signature is checked, and its policies are evaluated for each
 * resource of the call.
 *
 * @param authenticate function that returns the refusal of a caller whose signature is not valid
 * @returns undefined for a call that the emulator serves
 */
export async function serveCall(
    call: ApiCall,
    context: ServedCallContext,
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
    try {
        return await handler(call, context);
    } catch (error) {
        if (error instanceof RequestError) return apiError(call, 400, error.code, error.message);
        throw error;
    }
}
