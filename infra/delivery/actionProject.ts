import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Account } from "../aws/account";
import { policyDocument, type Statement } from "../aws/policyDocument";
import { packagedBuildspec } from "../codebuild/packagedBuildspec";
import { createLogGroup, createProjectRole } from "../codebuild/projectRole";
import { actionProjectStatements, actionTrustPolicy, startRolePolicy } from "./deliveryPolicies";
import type { ProjectAction } from "./pipelineStages";

/** Values that all projects of a pipeline's actions share. */
export interface ActionContext {
    account: Account;
    /** Role of the pipeline, which assumes the roles of actions. */
    pipelineRole: aws.iam.Role;
    artifactBucketArn: pulumi.Input<string>;
    cacheBucketName: pulumi.Input<string>;
    cacheBucketArn: pulumi.Input<string>;
    buildToolsKey: pulumi.Input<string>;
    kmsKeyArn?: pulumi.Input<string>;
    logRetentionDays?: number;
    parent: pulumi.Resource;
}

/** Project of one kind of action. */
export interface ActionProject {
    /** Name of the project. */
    projectName: string;
    /** Sentence about the project. */
    description: string;
    /** File of `buildspecs/`. */
    buildspec: string;
    /** Variables of the build besides those that name its tools. */
    variables: Record<string, pulumi.Input<string>>;
    /** Permissions besides those of every action's project. */
    statements: pulumi.Input<Statement[]>;
    /** Name of the role of builds. @default - generated */
    roleName?: string;
}

/** Creates the project of an action, with the role of its builds and the role that starts them. */
export function createActionProject(name: string, args: ActionProject, context: ActionContext): ProjectAction {
    const options = { parent: context.parent };
    const logGroup = createLogGroup(name, { ...args, logRetentionDays: context.logRetentionDays }, options);
    const role = createProjectRole(name, args, context.account, options);
    const policy = new aws.iam.RolePolicy(
        `${name}-policy`,
        { role: role.name, policy: projectPolicy(args, context, logGroup.arn) },
        options,
    );
    const project = createProject(name, args, { role, logGroup, policy }, context);
    return { projectName: project.name, startRoleArn: createStartRole(name, args, project, context) };
}

function projectPolicy(
    { statements }: ActionProject,
    context: ActionContext,
    logGroupArn: pulumi.Input<string>,
): pulumi.Output<string> {
    const { artifactBucketArn, cacheBucketArn, buildToolsKey, kmsKeyArn } = context;
    return pulumi
        .output({ statements, artifactBucketArn, cacheBucketArn, buildToolsKey, kmsKeyArn, logGroupArn })
        .apply(({ statements: own, ...scope }) => policyDocument([...actionProjectStatements(scope), ...own]));
}

function createProject(
    name: string,
    args: ActionProject,
    parts: { role: aws.iam.Role; logGroup: aws.cloudwatch.LogGroup; policy: aws.iam.RolePolicy },
    { cacheBucketName, buildToolsKey, kmsKeyArn, parent }: ActionContext,
): aws.codebuild.Project {
    const variables = { ...args.variables, BUILD_TOOLS_BUCKET: cacheBucketName, BUILD_TOOLS_KEY: buildToolsKey };
    return new aws.codebuild.Project(
        `${name}-project`,
        {
            name: args.projectName,
            description: args.description,
            serviceRole: parts.role.arn,
            source: { type: "CODEPIPELINE", buildspec: packagedBuildspec(args.buildspec) },
            artifacts: { type: "CODEPIPELINE" },
            encryptionKey: kmsKeyArn,
            environment: {
                type: "LINUX_CONTAINER",
                computeType: "BUILD_GENERAL1_SMALL",
                image: "aws/codebuild/amazonlinux-x86_64-standard:5.0",
                environmentVariables: Object.entries(variables)
                    .sort(([a], [b]) => (a < b ? -1 : 1))
                    .map(([variable, value]) => ({ name: variable, value, type: "PLAINTEXT" })),
            },
            logsConfig: { cloudwatchLogs: { status: "ENABLED", groupName: parts.logGroup.name } },
            buildTimeout: 60,
            queuedTimeout: 60,
        },
        { parent, deleteBeforeReplace: true, dependsOn: parts.policy },
    );
}

/** Creates the role by which the pipeline runs a project. */
export function createStartRole(
    name: string,
    { projectName }: { projectName: pulumi.Input<string> },
    project: { arn: pulumi.Input<string> },
    context: Pick<ActionContext, "pipelineRole" | "parent">,
): pulumi.Output<string> {
    const description = pulumi.interpolate`Action of the delivery pipeline that runs ${projectName}`;
    const policy = pulumi.output(project.arn).apply(startRolePolicy);
    return createActionRole(`${name}-start`, { description, policy }, context);
}

/**
 * Creates the role of an action, which the pipeline assumes.
 *
 * @returns its ARN, known when its permissions exist, since a pipeline starts as soon as it exists
 */
export function createActionRole(
    name: string,
    { description, policy }: { description: pulumi.Input<string>; policy: pulumi.Input<string> },
    { pipelineRole, parent }: Pick<ActionContext, "pipelineRole" | "parent">,
): pulumi.Output<string> {
    const assumeRolePolicy = pipelineRole.arn.apply(actionTrustPolicy);
    const role = new aws.iam.Role(`${name}-role`, { description, assumeRolePolicy }, { parent });
    const rights = new aws.iam.RolePolicy(`${name}-policy`, { role: role.name, policy }, { parent });
    return pulumi.all([role.arn, rights.id]).apply(([arn]) => arn);
}
