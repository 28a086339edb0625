import type { Answer } from "../http/messages";
import type { ApiCall } from "./apiRequest";

/**
 * Handler that answers an authorised call, with the parts of the gateway that it needs; undefined leaves the call to the emulator. A
 * RequestError becomes the answer.
 */
export type CallHandler<Context> = (
    call: ApiCall,
    context: Context,
) => Promise<Answer | undefined> | Answer | undefined;

/** JSON object. */
export type Json = Record<string, unknown>;

/** Function that changes the body of a successful answer, with the parts of the gateway that it needs; an Answer replaces the whole. */
export type Edit<Context> = (body: Json, call: ApiCall, context: Context) => Json | Answer | Promise<Json>;

/** Edits by IAM action. */
export type Edits<Context> = Partial<Record<string, Edit<Context>>>;

/** Makes a successful answer. */
export function jsonAnswer(body: object): Answer {
    return {
        status: 200,
        headers: { "Content-Type": "application/x-amz-json-1.1" },
        body: Buffer.from(JSON.stringify(body)),
    };
}
