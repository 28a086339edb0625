import { GetSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { GetParametersCommand } from "@aws-sdk/client-ssm";
import { secretReference, type Variable } from "./environmentVariables";
import { asRole, PhaseError } from "./phaseError";
import type { RoleClients } from "./role";

/** Limit of names in one GetParameters call (API reference of Systems Manager). */
const mostNames = 10;

/** Services that hold the values. */
export interface Lookup {
    clients: Pick<RoleClients, "ssm" | "secretsManager">;
    /** ARN of the role that the clients act as. */
    role: string;
    region: string;
    accountId: string;
}

/**
 * Looks up the values of all variables with the permissions of the build's role. Values are not expanded.
 *
 * @returns values by variable, and the values of parameters and secrets, which logs must not show
 * @throws PhaseError naming the missing parameter, secret, key, or permission
 */
export async function resolveVariables(variables: Variable[], lookup: Lookup) {
    const named = (type: Variable["type"]) => variables.filter((variable) => variable.type === type);
    const parameters = await readParameters([...new Set(named("PARAMETER_STORE").map(({ value }) => value))], lookup);
    const fromParameters = named("PARAMETER_STORE").map(({ name, value }) => [name, parameters.get(value) ?? ""]);
    const fromSecrets: string[][] = [];
    for (const { name, value } of named("SECRETS_MANAGER")) fromSecrets.push([name, await readSecret(value, lookup)]);
    const plain = named("PLAINTEXT").map(({ name, value }) => [name, value]);
    return {
        values: Object.fromEntries([...plain, ...fromParameters, ...fromSecrets]) as Record<string, string>,
        secrets: [...fromParameters, ...fromSecrets].map(([, value = ""]) => value),
    };
}

async function readParameters(names: string[], lookup: Lookup): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    for (let first = 0; first < names.length; first += mostNames) {
        const Names = names.slice(first, first + mostNames);
        const call = {
            statusCode: "Decrypted Variables Error",
            role: lookup.role,
            action: "ssm:GetParameters",
            resource: Names.map((name) => parameterArn(name, lookup)).join(", "),
        };
        const answer = await asRole(call, () =>
            lookup.clients.ssm.send(new GetParametersCommand({ Names, WithDecryption: true })),
        );
        const [missing] = answer.InvalidParameters ?? [];
        if (missing !== undefined) throw new PhaseError(call.statusCode, `parameter does not exist: ${missing}`);
        for (const { Name, ARN, Value = "" } of answer.Parameters ?? []) {
            const asked = Names.find((name) => name === Name || name === ARN);
            if (asked !== undefined) found.set(asked, Value);
        }
    }
    return found;
}

async function readSecret(text: string, lookup: Lookup): Promise<string> {
    const { secretId, jsonKey, versionStage, versionId } = secretReference(text);
    const statusCode = "Secrets Manager Error";
    const resource = secretId.startsWith("arn:")
        ? secretId
        : `arn:aws:secretsmanager:${lookup.region}:${lookup.accountId}:secret:${secretId}`;
    const call = { statusCode, role: lookup.role, action: "secretsmanager:GetSecretValue", resource };
    const { SecretString } = await asRole(call, () =>
        lookup.clients.secretsManager.send(
            new GetSecretValueCommand({ SecretId: secretId, VersionStage: versionStage, VersionId: versionId }),
        ),
    );
    if (SecretString === undefined) throw new PhaseError(statusCode, `secret ${secretId} is binary; it must be text.`);
    if (jsonKey === undefined) return SecretString;
    const value = jsonMember(SecretString, jsonKey);
    if (typeof value === "string") return value;
    const problem = value === notJson ? "is no JSON object" : `has no key ${jsonKey} with text`;
    throw new PhaseError(statusCode, `secret ${secretId} ${problem}; ${text} asks for its key ${jsonKey}.`);
}

const notJson = Symbol("not JSON");

function jsonMember(text: string, key: string): unknown {
    try {
        const value: unknown = JSON.parse(text);
        if (typeof value !== "object" || value === null || Array.isArray(value)) return notJson;
        const member = (value as Record<string, unknown>)[key];
        return typeof member === "number" || typeof member === "boolean" ? String(member) : member;
    } catch {
        return notJson;
    }
}

function parameterArn(name: string, { region, accountId }: Lookup): string {
    if (name.startsWith("arn:")) return name;
    return `arn:aws:ssm:${region}:${accountId}:parameter/${name.replace(/^\//, "")}`;
}
