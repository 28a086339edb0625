import { GetParametersCommand } from "@aws-sdk/client-ssm";
import type { Answer } from "../call/apiError";
import type { ApiCall } from "../call/apiRequest";
import type { GatewayContext } from "../context";
import { jsonAnswer } from "../call/callHandler";

/**
 * Answers ssm:GetParameters. The emulator checks it on `*`, so that a role with a permission for the very parameters would be
 * refused; the gateway has checked each name.
 */
export async function getParameters({ members }: ApiCall, { parameters }: GatewayContext): Promise<Answer> {
    const { Names, WithDecryption } = members as { Names: string[]; WithDecryption?: boolean };
    const answer = await parameters.send(new GetParametersCommand({ Names, WithDecryption }));
    const found = (answer.Parameters ?? []).map(({ LastModifiedDate, ...parameter }) => ({
        ...parameter,
        LastModifiedDate: (LastModifiedDate?.getTime() ?? 0) / 1000,
    }));
    return jsonAnswer({ Parameters: found, InvalidParameters: answer.InvalidParameters ?? [] });
}
