import type { EnvironmentVariable } from "@aws-sdk/client-codebuild";
import type { Buildspec } from "./buildspec";

/** Environment variable of a build before its value, which is not expanded, is looked up by the type. */
export type Variable = Required<Record<"name" | "value", string> & EnvironmentVariable>;

/** Pattern of a variable's name. The prefix CODEBUILD_ is reserved (user guide, "Build specification reference"). */
export const variableName = /^(?!CODEBUILD_)[A-Za-z_][A-Za-z0-9_]*$/;

/** Rule of the pattern in words. */
export const variableNameRule =
    "names have letters, digits and underscores, begin with no digit and not with CODEBUILD_, which is reserved";

/**
 * Merges the variables of a build: those of its start win over the project's, and these over the buildspec's (user guide, "Build
 * specification reference", env).
 */
export function mergeVariables(
    buildspec: Pick<Buildspec["env"], "variables" | "parameterStore" | "secretsManager">,
    project: EnvironmentVariable[],
    override: EnvironmentVariable[],
): Variable[] {
    const typed = (values: Record<string, string>, type: Variable["type"]): Variable[] =>
        Object.entries(values).map(([name, value]) => ({ name, value, type }));
    const all: Variable[] = [
        ...typed(buildspec.variables, "PLAINTEXT"),
        ...typed(buildspec.parameterStore, "PARAMETER_STORE"),
        ...typed(buildspec.secretsManager, "SECRETS_MANAGER"),
        ...[...project, ...override].map(({ name = "", value = "", type = "PLAINTEXT" }) => ({ name, value, type })),
    ];
    return [...new Map(all.map((variable) => [variable.name, variable])).values()];
}

/** Number of parts in a secret's ARN, which are separated by colons like the reference itself. */
const arnParts = 7;

/**
 * Parses `secret-id:json-key:version-stage:version-id`, a reference to a value in Secrets Manager; the id may be an ARN, and all parts but
 * the id may be missing. Without a key the value is the whole text.
 */
export function secretReference(text: string) {
    const parts = text.split(":");
    const idLength = text.startsWith("arn:") ? arnParts : 1;
    const [jsonKey, versionStage, versionId] = parts.slice(idLength).map((part) => part || undefined);
    return { secretId: parts.slice(0, idLength).join(":"), jsonKey, versionStage, versionId };
}

/**
 * Selects the variables that later stages see: parameters, secrets and AWS_ variables are not exported (user guide,
 * env/exported-variables). A name without a value at the end is left out.
 *
 * @param names names in the order of the buildspec
 * @param environment environment of the shell after the last phase
 * @param variables variables of the build
 */
export function exportedValues(
    names: string[],
    environment: Readonly<Record<string, string>>,
    variables: Variable[],
): { name: string; value: string }[] {
    const looksUp = new Set(variables.filter(({ type }) => type !== "PLAINTEXT").map(({ name }) => name));
    return names
        .filter((name) => !name.startsWith("AWS_") && !looksUp.has(name))
        .flatMap((name) => {
            const value = environment[name];
            return value === undefined ? [] : [{ name, value }];
        });
}
