import { type PlainAccount, parameterArn, secretArn } from "../aws/resourceArns";

/** Variable of a CodeBuild project. */
export interface EnvironmentVariable {
    name: string;
    /** Value, or the place of the value. */
    value: string;
    /** `PLAINTEXT`, `PARAMETER_STORE` or `SECRETS_MANAGER`. @default PLAINTEXT */
    type?: string;
}

/** Sources of variables' values, as ARNs for a policy. */
export interface VariableAccess {
    parameterArns: string[];
    secretArns: string[];
}

/**
 * Lists the resources that a role has to read for a project's variables.
 *
 * @see https://docs.aws.amazon.com/codebuild/latest/APIReference/API_EnvironmentVariable.html
 */
export function variableAccess(variables: EnvironmentVariable[], account: PlainAccount): VariableAccess {
    const valuesOf = (type: string) => variables.filter((one) => one.type === type).map(({ value }) => value);
    return {
        parameterArns: [...new Set(valuesOf("PARAMETER_STORE").map((name) => parameterArn(name, account)))],
        secretArns: [...new Set(valuesOf("SECRETS_MANAGER").map((value) => secretArn(secretId(value), account)))],
    };
}

/**
 * Cuts the secret out of `secret-id:json-key:version-stage:version-id`, of which all but the id may be missing. An id that is an ARN has
 * seven parts of its own.
 *
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html#build-spec.env.secrets-manager
 */
function secretId(value: string): string {
    return value
        .split(":")
        .slice(0, value.startsWith("arn:") ? 7 : 1)
        .join(":");
}
