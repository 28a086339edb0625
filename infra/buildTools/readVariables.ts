import { cacheModes, type CacheMode } from "../plan/cachePolicy";
import { type BuildVariables, commitOf, gitReference } from "./gitReference";
import { platforms } from "../plan/platform";
import type { PlanInput } from "./plan";

/**
 * The build secrets of a build, as names in Secrets Manager by id. The build of a pull request gets none: its code could send
 * them anywhere.
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
 * Reads what the project tells its builds, but for the images.
 *
 * @throws Error for a variable that is missing or damaged
 */
export function readVariables(variables: BuildVariables, workingDirectory: string): Omit<PlanInput, "images"> {
    return {
        source: variables["CODEBUILD_SRC_DIR"] || workingDirectory,
        reference: gitReference(variables, required(variables, "BRANCH")),
        commit: commitOf(variables),
        defaultBranch: required(variables, "DEFAULT_BRANCH"),
        cacheMode: cacheModeOf(required(variables, "CACHE_MODE")),
        rebuildKey: variables["REBUILD_KEY"] ?? "",
        ...platformOf(variables["PLATFORM"] ?? ""),
    };
}

/** Reads a variable. @throws Error where it is missing */
export function required(variables: BuildVariables, name: string): string {
    const value = variables[name];
    if (value) return value;
    throw new Error(
        `The variable ${name} is missing; the CodeBuild project sets it, run \`pulumi up\` to get it back.`,
    );
}

/** How many stages, and then images, are built at the same time. @throws Error for anything but a number from 1 */
export function parallelBuilds({ PARALLEL_BUILDS: text = "" }: BuildVariables): number {
    if (/^[1-9]\d*$/.test(text)) return Number(text);
    throw new Error(`The variable PARALLEL_BUILDS is "${text}"; allowed: whole numbers from 1.`);
}

function platformOf(text: string): Pick<PlanInput, "platform"> {
    if (text === "") return {};
    const platform = platforms.find((one) => one === text);
    if (platform !== undefined) return { platform };
    throw new Error(`The variable PLATFORM is "${text}"; allowed: ${platforms.join(", ")}.`);
}

function cacheModeOf(text: string): CacheMode {
    const mode = cacheModes.find((one) => one === text);
    if (mode !== undefined) return mode;
    throw new Error(`The variable CACHE_MODE is "${text}"; allowed: ${cacheModes.join(", ")}.`);
}
