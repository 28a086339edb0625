import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { BuildObjectKeys } from "./buildObjects";
import type { BuildProjectArgs } from "./buildProject";
import { buildVariables, imagesVariable } from "./buildVariables";
import { withTestReport } from "./testReport";

type EnvironmentVariable = aws.types.input.codebuild.ProjectEnvironmentEnvironmentVariable;

/** What a project gets from its role, log group and bucket. */
export interface ProjectParts {
    role: aws.iam.Role;
    logGroup: aws.cloudwatch.LogGroup;
    objects: BuildObjectKeys;
}

/** What all projects that build images have in common: source, host, variables, log and limits. */
export function projectInputs(args: BuildProjectArgs, { role, logGroup, objects }: ProjectParts) {
    return {
        name: args.projectName,
        serviceRole: role.arn,
        source: {
            type: "NO_SOURCE",
            ...args.source,
            reportBuildStatus: args.source?.reportBuildStatus ?? (args.webhooks || undefined),
            buildspec: buildspec(args),
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

/** The buildspec, with a report where an image has tests. */
function buildspec({ images, buildspec }: BuildProjectArgs): string {
    return images.some(({ testTarget }) => testTarget !== undefined) ? withTestReport(buildspec) : buildspec;
}

/** Whether builds connect to a BuildKit that runs elsewhere. */
function hasBuildKit({ environmentVariables = [] }: BuildProjectArgs): boolean {
    return environmentVariables.some(
        ({ name, type = "PLAINTEXT" }) => name === "BUILDKIT_ADDRESS" && type === "PLAINTEXT",
    );
}

/** The variables of the buildspec, sorted, and after them those of the user, which win. */
function environmentVariables(args: BuildProjectArgs, objects: BuildObjectKeys): EnvironmentVariable[] {
    const repositoryUrls = pulumi.all(args.images.map(({ repositoryUrl }) => repositoryUrl));
    const values: Record<string, pulumi.Input<string>> = {
        ...buildVariables(args),
        IMAGES: repositoryUrls.apply((urls) => imagesVariable(args.images, urls)),
        BUILD_TOOLS_BUCKET: args.bucketName,
        BUILD_TOOLS_KEY: objects.tools,
        ...(objects.caCertificates === undefined ? {} : { CA_CERTIFICATES_KEY: objects.caCertificates }),
    };
    const own = Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
    return [
        ...own.map(([name, value]) => ({ name, value, type: "PLAINTEXT" })),
        ...(args.environmentVariables ?? []).map((one) => ({ ...one, type: one.type ?? "PLAINTEXT" })),
    ];
}
