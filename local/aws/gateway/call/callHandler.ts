import type { Answer } from "../http/messages";
import type { ApiCall } from "./apiRequest";

/** Answers a call of a caller who may make it, with the parts of the gateway that it needs; undefined leaves it to the emulator. */
export type CallHandler<Context> = (
    call: ApiCall,
    context: Context,
) => Promise<Answer | undefined> | Answer | undefined;

/** A JSON object. */
export type Json = Record<string, unknown>;

/** Changes the body of a successful answer, with the parts of the gateway that it needs; an Answer replaces it as a whole. */
export type Edit<Context> = (body: Json, call: ApiCall, context: Context) => Json | Answer | Promise<Json>;

/** Edits by IAM action. */
export type Edits<Context> = Partial<Record<string, Edit<Context>>>;

/** A successful answer. */
export function jsonAnswer(body: object): Answer {
    return {
        status: 200,
        headers: { "Content-Type": "application/x-amz-json-1.1" },
        body: Buffer.from(JSON.stringify(body)),
    };
}
