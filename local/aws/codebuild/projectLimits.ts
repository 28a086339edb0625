import type { EnvironmentVariable } from "@aws-sdk/client-codebuild";

/** Length limit of a variable's value: "EnvironmentVariable should be at most 4096 characters" (wolfeidau/buildkite-serverless-agent#35). */
const longestVariable = 4096;

/** Length limit of a buildspec in a project: "Max buildspec length is 25600" (aws/aws-cdk#30326; aws/aws-cdk#14974). */
const longestBuildspec = 25_600;

/** Settings of a project or of the start of a build that CodeBuild limits. */
export interface LimitedSettings {
    /** Environment variables. @default none */
    environmentVariables?: EnvironmentVariable[];
    /** Buildspec: its text, or its place. @default - a file of the source */
    buildspec?: string;
}

/**
 * Finds a limit of CodeBuild that a project or the start of a build exceeds. Neither the API's models nor the pages about quotas list these
 * limits; the service's errors name them.
 *
 * @returns one sentence; undefined when no limit is exceeded
 */
export function exceededLimit({ environmentVariables = [], buildspec = "" }: LimitedSettings): string | undefined {
    const long = environmentVariables.find(({ value = "" }) => value.length > longestVariable);
    if (long !== undefined) {
        return `The variable ${long.name} has ${long.value?.length} characters and may have ${longestVariable}; put the value into an object in S3 or a parameter.`;
    }
    if (buildspec.length > longestBuildspec) {
        return `The buildspec has ${buildspec.length} characters and may have ${longestBuildspec} within a project; put it into the source or into S3.`;
    }
    return undefined;
}
