import type { BuildDefinition } from "../plan/buildDefinition";
import type { BuildPolicy } from "../plan/imageSpec";
import { Platform } from "../plan/platform";
import { type BuildVariables, commitOf, gitReference } from "./gitReference";
import type { PlanInput } from "./planInput";

/**
 * Reads the build secrets of a build, as names in Secrets Manager by id. The build of a pull request gets none, since its code could send
 * secrets anywhere.
 *
 * @throws Error for a damaged variable
 */
export function readSecrets(
    variables: BuildVariables,
    { reference }: Pick<PlanInput, "reference">,
): Record<string, string> {
    const text = variables["BUILD_SECRETS"] || "{}";
    try {
        const secrets = JSON.parse(text) as Record<string, string>;
        return reference.kind === "pullRequest" ? {} : secrets;
    } catch {
        throw new Error(`The variable BUILD_SECRETS is ${JSON.stringify(text)}; it has to be a JSON object.`);
    }
}

/**
 * Reads the input of a build: its definition, its Git reference, and the place of its source.
 *
 * @throws Error for a damaged variable
 */
export function readVariables(
    variables: BuildVariables,
    workingDirectory: string,
    { branch }: Pick<BuildPolicy, "branch">,
): Omit<PlanInput, keyof BuildDefinition> {
    return {
        source: variables["CODEBUILD_SRC_DIR"] || workingDirectory,
        reference: gitReference(variables, branch),
        commit: commitOf(variables),
        ...platformOf(variables["PLATFORM"] ?? ""),
    };
}

/** Reads a variable. @throws Error for a missing variable */
export function required(variables: BuildVariables, name: string): string {
    const value = variables[name];
    if (value) return value;
    throw new Error(
        `The variable ${name} is missing; the CodeBuild project sets it, run \`pulumi up\` to get it back.`,
    );
}

function platformOf(text: string): Pick<PlanInput, "platform"> {
    if (text === "") return {};
    const platforms = Object.values(Platform);
    const platform = platforms.find((one) => one === text);
    if (platform !== undefined) return { platform };
    throw new Error(`The variable PLATFORM is "${text}"; allowed: ${platforms.join(", ")}.`);
}
