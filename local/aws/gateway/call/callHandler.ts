import type { Answer } from "./apiError";
import type { ApiCall } from "./apiRequest";
import type { GatewayContext } from "../context";

/** Answers a call of a caller who may make it; undefined leaves it to the emulator. */
export type CallHandler = (call: ApiCall, context: GatewayContext) => Promise<Answer | undefined> | Answer | undefined;

/** A successful answer. */
export function jsonAnswer(body: object): Answer {
    return {
        status: 200,
        headers: { "Content-Type": "application/x-amz-json-1.1" },
        body: Buffer.from(JSON.stringify(body)),
    };
}
