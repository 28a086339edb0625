import {
    GetParametersCommand,
    type ParameterHistory,
    paginateGetParameterHistory,
    type SSMClient,
} from "@aws-sdk/client-ssm";
import { RequestError } from "../../requestError";
import type { ApiCall } from "../call/apiRequest";
import { type CallHandler, jsonAnswer } from "../call/callHandler";
import type { Answer } from "../http/messages";

/** Parts of the gateway that serve calls about parameters. */
export interface ParameterContext {
    /** Parameters of the account. */
    parameters: SSMClient;
}

/** Number of versions that Parameter Store keeps of a parameter; a new version then replaces the oldest. */
const keptVersions = 100;

/** Limit of versions that GetParameterHistory returns at once. */
const largestPage = 50;

/**
 * Handlers of calls about parameters. Some limit a parameter's versions; the emulator keeps all.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-versions.html
 */
export const parameterCalls: Record<string, CallHandler<ParameterContext>> = {
    "ssm:GetParameter": refuseDeletedVersion,
    "ssm:GetParameterHistory": history,
    "ssm:GetParameters": getParameters,
    "ssm:LabelParameterVersion": refuseDeletedVersion,
    "ssm:PutParameter": refuseVersion,
};

/** Refuses a further version when the oldest one carries a label, since a labelled version is not deleted. */
async function refuseVersion(call: ApiCall, context: ParameterContext): Promise<undefined> {
    const name = String(call.members.Name);
    const versions = call.members.Overwrite === true ? await versionsOf(name, context) : [];
    const oldest = versions.at(-keptVersions);
    if (versions.length < keptVersions || !oldest?.Labels?.length) return;
    throw new RequestError(
        "ParameterMaxVersionLimitExceeded",
        `You attempted to create a new version of ${name} by calling the PutParameter API with the overwrite flag. Version ${oldest.Version}, the oldest version, can't be deleted because it has a label associated with it. Move the label to another version of the parameter, and try again.`,
    );
}

async function refuseDeletedVersion(call: ApiCall, context: ParameterContext): Promise<undefined> {
    const { Name, ParameterVersion } = call.members;
    const [name = "", selector] = String(Name).split(/:(?=[^:/]*$)/);
    const version = Number(ParameterVersion ?? selector);
    const newest = Number.isInteger(version) ? (await versionsOf(name, context)).at(-1)?.Version : undefined;
    if (newest === undefined || version > newest - keptVersions) return;
    const message = `Systems Manager could not find version ${version} of ${name}. Verify the version and try again.`;
    throw new RequestError("ParameterVersionNotFound", message);
}

async function history(call: ApiCall, context: ParameterContext): Promise<Answer | undefined> {
    const { Name, MaxResults = largestPage, NextToken, WithDecryption } = call.members;
    const versions = (await versionsOf(String(Name), context, WithDecryption === true)).slice(-keptVersions);
    if (versions.length === 0) return undefined;
    const start = Number(NextToken ?? 0);
    const end = start + Number(MaxResults);
    return jsonAnswer({
        Parameters: versions.slice(start, end).map(withTimeInSeconds),
        NextToken: end < versions.length ? String(end) : undefined,
    });
}

/** Lists all versions that the emulator has, the oldest first; none for a missing parameter. */
async function versionsOf(
    Name: string,
    { parameters }: ParameterContext,
    WithDecryption = false,
): Promise<ParameterHistory[]> {
    const versions: ParameterHistory[] = [];
    try {
        for await (const page of paginateGetParameterHistory({ client: parameters }, { Name, WithDecryption })) {
            versions.push(...(page.Parameters ?? []));
        }
    } catch (error) {
        if ((error as Error).name !== "ParameterNotFound") throw error;
    }
    return versions;
}

/**
 * Answers ssm:GetParameters. The emulator checks it on `*`, so a role with a permission for these parameters only would be refused; the
 * gateway has checked each name.
 */
async function getParameters({ members }: ApiCall, { parameters }: ParameterContext): Promise<Answer> {
    const { Names, WithDecryption } = members as { Names: string[]; WithDecryption?: boolean };
    const answer = await parameters.send(new GetParametersCommand({ Names, WithDecryption }));
    return jsonAnswer({
        Parameters: (answer.Parameters ?? []).map(withTimeInSeconds),
        InvalidParameters: answer.InvalidParameters ?? [],
    });
}

function withTimeInSeconds<T extends { LastModifiedDate?: Date }>({ LastModifiedDate, ...parameter }: T) {
    return { ...parameter, LastModifiedDate: (LastModifiedDate?.getTime() ?? 0) / 1000 };
}
