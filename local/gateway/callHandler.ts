import type { Answer } from "./apiError";
import type { ApiCall } from "./apiRequest";
import type { GatewayContext } from "./context";

/** Answers a call of a caller who may make it. */
export type CallHandler = (call: ApiCall, context: GatewayContext) => Promise<Answer> | Answer;

/** A successful answer. */
export function jsonAnswer(body: object): Answer {
    return {
        status: 200,
        headers: { "Content-Type": "application/x-amz-json-1.1" },
        body: Buffer.from(JSON.stringify(body)),
    };
}
