import type { ApiCall } from "./call/apiRequest";
import type { Edit, Json } from "./call/callHandler";
import type { Answer } from "./http/messages";
import { ecrEdits } from "./registry/ecrEdits";
import type { RegistryContext } from "./registry/registryContext";
import { projectEdits, type ProjectSettingsContext } from "./services/projectSettings";

/** Parts of the gateway that edit answers. */
export type EditContext = RegistryContext & ProjectSettingsContext;

/** Tells whether the answer to an action has to be edited. */
export function editsAnswer(action: string | null): boolean {
    return editOf(action) !== undefined;
}

/** Corrects a successful answer of the emulator to AWS's form. */
export async function editAnswer(answer: Answer, call: ApiCall, context: EditContext): Promise<Answer> {
    const edit = editOf(call.action);
    if (edit === undefined) return answer;
    const edited = await edit(JSON.parse(answer.body.toString()) as Json, call, context);
    return isAnswer(edited) ? edited : { ...answer, body: Buffer.from(JSON.stringify(edited)) };
}

function editOf(action: string | null): Edit<EditContext> | undefined {
    return ecrEdits[action ?? ""] ?? projectEdits[action ?? ""];
}

function isAnswer(value: Json | Answer): value is Answer {
    return Buffer.isBuffer(value.body);
}
