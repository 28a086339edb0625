import type { Answer } from "./apiError";
import type { ApiCall } from "./apiRequest";
import type { GatewayContext } from "../context";
import { ecrEdits } from "../registry/ecrAnswers";
import { projectEdits } from "../services/projectSettings";

/** A JSON object. */
export type Json = Record<string, unknown>;

/** Changes the body of a successful answer; an Answer replaces it as a whole. */
export type Edit = (body: Json, call: ApiCall, context: GatewayContext) => Json | Answer | Promise<Json>;

/** Edits by IAM action. */
export type Edits = Partial<Record<string, Edit>>;

/** Whether the answer to an action has to be edited. */
export function editsAnswer(action: string | null): boolean {
    return editOf(action) !== undefined;
}

/** Makes a successful answer of the emulator one of AWS. */
export async function editAnswer(answer: Answer, call: ApiCall, context: GatewayContext): Promise<Answer> {
    const edit = editOf(call.action);
    if (edit === undefined) return answer;
    const edited = await edit(JSON.parse(answer.body.toString()) as Json, call, context);
    return isAnswer(edited) ? edited : { ...answer, body: Buffer.from(JSON.stringify(edited)) };
}

function editOf(action: string | null): Edit | undefined {
    return ecrEdits[action ?? ""] ?? projectEdits[action ?? ""];
}

function isAnswer(value: Json | Answer): value is Answer {
    return Buffer.isBuffer(value.body);
}
