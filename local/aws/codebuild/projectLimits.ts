import type { EnvironmentVariable } from "@aws-sdk/client-codebuild";

/** Most characters of a variable's value: "EnvironmentVariable should be at most 4096 characters" (wolfeidau/buildkite-serverless-agent#35). */
const longestVariable = 4096;

/** Most characters of a buildspec in a project: "Max buildspec length is 25600" (aws/aws-cdk#30326; aws/aws-cdk#14974). */
const longestBuildspec = 25_600;

/** What a project or the start of a build has that CodeBuild limits. */
export interface LimitedSettings {
    /** Variables. @default none */
    environmentVariables?: EnvironmentVariable[];
    /** The buildspec: its text, or where it is. @default - a file of the source */
    buildspec?: string;
}

/**
 * Says which of CodeBuild's limits a project or the start of a build exceeds. They are in no model of the API and on no page about
 * quotas; the service answers with them.
 *
 * @returns one sentence; undefined when none is exceeded
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
