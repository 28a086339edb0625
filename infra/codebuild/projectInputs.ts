import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { BuildObjectKeys } from "./buildObjects";
import type { BuildProjectArgs } from "./buildProjectArgs";
import { sourceInputs } from "./projectSettings";
import { withTestReport } from "./testReport";
import { hasPushWebhook } from "./webhooks";

type EnvironmentVariable = aws.types.input.codebuild.ProjectEnvironmentEnvironmentVariable;

/** Role, log group and objects of a project. */
export interface ProjectParts {
    role: aws.iam.Role;
    logGroup: aws.cloudwatch.LogGroup;
    objects: BuildObjectKeys;
}

/** Makes the inputs that all projects that build images share: source, host, variables, log and limits. */
export function projectInputs(args: BuildProjectArgs, { role, logGroup, objects }: ProjectParts) {
    return {
        name: args.projectName,
        serviceRole: role.arn,
        source: {
            ...sourceInputs(args.source, buildspec(args)),
            reportBuildStatus: args.source?.reportBuildStatus ?? (hasPushWebhook(args) || undefined),
        },
        environment: {
            type: args.environmentType ?? "LINUX_CONTAINER",
            computeType: args.computeType ?? "BUILD_GENERAL1_MEDIUM",
            image: args.image ?? "aws/codebuild/amazonlinux-x86_64-standard:5.0",
            dockerServer: args.dockerServer,
            // BuildKit runs containers of its own.
            privilegedMode: !hasBuildKit(args),
            environmentVariables: environmentVariables(args, objects),
        },
        vpcConfig: args.vpcConfig,
        logsConfig: { cloudwatchLogs: { status: "ENABLED", groupName: logGroup.name } },
        buildTimeout: args.buildTimeout ?? 30,
        queuedTimeout: args.queuedTimeout ?? 60,
        autoRetryLimit: args.autoRetryLimit,
        concurrentBuildLimit: args.concurrentBuildLimit,
    } satisfies Partial<aws.codebuild.ProjectArgs>;
}

/** Returns the buildspec, with a report where an image has tests. */
function buildspec({ images, buildspec }: BuildProjectArgs): string {
    return images.some(({ testTarget }) => testTarget !== undefined) ? withTestReport(buildspec) : buildspec;
}

/** Whether builds connect to a BuildKit that runs elsewhere. */
function hasBuildKit({ environmentVariables = [] }: BuildProjectArgs): boolean {
    return environmentVariables.some(
        ({ name, type = "PLAINTEXT" }) => name === "BUILDKIT_ADDRESS" && type === "PLAINTEXT",
    );
}

/** Lists the buildspec's variables, sorted, followed by the user's, which win. */
function environmentVariables(args: BuildProjectArgs, objects: BuildObjectKeys): EnvironmentVariable[] {
    const values: Record<string, pulumi.Input<string>> = {
        BUILD_TOOLS_BUCKET: args.bucketName,
        ...secretsVariable(args),
        ...objects,
        ...(args.buildkitImage === undefined ? {} : { BUILDKIT_IMAGE: args.buildkitImage }),
    };
    const own = Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
    return [
        ...own.map(([name, value]) => ({ name, value, type: "PLAINTEXT" })),
        ...(args.environmentVariables ?? []).map((one) => ({ ...one, type: one.type ?? "PLAINTEXT" })),
    ];
}

/** Makes the variable of the build secrets, or none: CodeBuild takes no variable without a value. */
function secretsVariable({ buildSecrets = {} }: BuildProjectArgs): Record<string, pulumi.Input<string>> {
    return Object.keys(buildSecrets).length === 0 ? {} : { BUILD_SECRETS: pulumi.jsonStringify(buildSecrets) };
}
