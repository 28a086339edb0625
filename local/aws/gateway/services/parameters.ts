import { GetParametersCommand, type SSMClient } from "@aws-sdk/client-ssm";
import type { ApiCall } from "../call/apiRequest";
import { jsonAnswer } from "../call/callHandler";
import type { Answer } from "../http/messages";

/** Parts of the gateway that serve calls about parameters. */
export interface ParameterContext {
    /** Parameters of the account. */
    parameters: SSMClient;
}

/**
 * Answers ssm:GetParameters. The emulator checks it on `*`, so a role with a permission for these parameters only would be refused; the
 * gateway has checked each name.
 */
export async function getParameters({ members }: ApiCall, { parameters }: ParameterContext): Promise<Answer> {
    const { Names, WithDecryption } = members as { Names: string[]; WithDecryption?: boolean };
    const answer = await parameters.send(new GetParametersCommand({ Names, WithDecryption }));
    const found = (answer.Parameters ?? []).map(({ LastModifiedDate, ...parameter }) => ({
        ...parameter,
        LastModifiedDate: (LastModifiedDate?.getTime() ?? 0) / 1000,
    }));
    return jsonAnswer({ Parameters: found, InvalidParameters: answer.InvalidParameters ?? [] });
}
