import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Account, currentAccount } from "../aws/account";
import { withTags } from "../aws/tags";
import { createBatchRole } from "./batchRole";
import { type BuildObjectKeys, createBuildObjects } from "./buildObjects";
import { artifactsPrefix, buildRolePolicy, cachePrefix } from "./buildRolePolicy";
import { projectInputs } from "./projectInputs";
import { pullRequestProjectName } from "./projectNames";
import { createLogGroup, createProjectRole, roleScope } from "./projectRole";
import type { BuildProjectArgs } from "./buildProjectArgs";
import { PullRequestProject } from "./pullRequestProject";
import { startBuildPolicy } from "./startBuildPolicy";
import { hasPushWebhook, type ManualWebhook, manualWebhooks, trustedFilterGroups, webhookSourceType } from "./webhooks";

/** Values that the parts of the project share. */
interface ProjectContext {
    account: Account;
    logGroup: aws.cloudwatch.LogGroup;
    objects: BuildObjectKeys;
}

/** Roles of the project, with their permissions. */
interface ProjectRoles {
    role: aws.iam.Role;
    policy: aws.iam.RolePolicy;
    /** @default - undefined without native builds */
    batch: ReturnType<typeof createBatchRole> | undefined;
}

/** Number of builds in the batch of buildspecs/image.yml: two platforms, and the build that joins them. */
const mostBuildsOfBatch = 3;

/** CodeBuild project that builds the images, with its role and log group. With webhooks, a project of pull requests is a child. */
export class BuildProject extends pulumi.ComponentResource {
    /** Name of the project. */
    readonly projectName: pulumi.Output<string>;
    /** ARN of the project. */
    readonly projectArn: pulumi.Output<string>;
    /** ARN of the role that builds run under. */
    readonly roleArn: pulumi.Output<string>;
    /** Policy, as JSON, for callers that start and watch builds: roles of CI systems, for example. */
    readonly startBuildPolicy: pulumi.Output<string>;
    /** Name of the project of pull requests. @default - undefined without webhooks */
    readonly pullRequestProjectName: pulumi.Output<string> | undefined;
    /** Key of the build tools in the cache bucket. */
    readonly buildToolsKey: pulumi.Output<string>;
    /** Webhook values to enter at GitHub Enterprise Server, by project name. @default - undefined without webhooks and at other Git hosts */
    readonly webhooks: pulumi.Output<Record<string, ManualWebhook> | undefined>;

    constructor(name: string, args: BuildProjectArgs, opts?: pulumi.ComponentResourceOptions) {
        super("cached-image-pipeline:index:BuildProject", name, {}, withTags(opts, args));

        const context = {
            account: currentAccount({ parent: this }),
            logGroup: createLogGroup(name, args, { parent: this }),
            objects: createBuildObjects(name, args, { parent: this }),
        };
        const role = createProjectRole(name, args, context.account, { parent: this });
        const policy = this.createPolicy(name, args, role, context);
        const batch = args.nativeBuilds ? createBatchRole(name, args, context.account, { parent: this }) : undefined;
        const project = this.createProject(name, args, { role, policy, batch }, context);
        const webhook = hasPushWebhook(args) ? this.createWebhook(name, args, project) : undefined;
        const pullRequests = args.webhooks ? this.createPullRequests(name, args, context) : undefined;

        this.projectName = project.name;
        this.projectArn = project.arn;
        this.roleArn = role.arn;
        this.startBuildPolicy = pulumi
            .all([project.arn, context.logGroup.arn])
            .apply(([projectArn, logGroupArn]) => startBuildPolicy({ projectArn, logGroupArn }));
        this.pullRequestProjectName = pullRequests?.projectName;
        this.webhooks =
            pullRequests === undefined
                ? pulumi.output(undefined)
                : manualWebhooks(pullRequestSource(args)?.type, [
                      ...(webhook === undefined ? [] : [webhook]),
                      webhookOf(pullRequests),
                  ]);
        this.buildToolsKey = pulumi.output(context.objects.BUILD_TOOLS_KEY!);
        this.registerOutputs({
            projectName: this.projectName,
            projectArn: this.projectArn,
            roleArn: this.roleArn,
            startBuildPolicy: this.startBuildPolicy,
            buildToolsKey: this.buildToolsKey,
        });
    }

    private createPolicy(
        name: string,
        args: BuildProjectArgs,
        role: aws.iam.Role,
        context: ProjectContext,
    ): aws.iam.RolePolicy {
        const policy = roleScope(args, { ...context, logGroupArn: context.logGroup.arn }).apply(buildRolePolicy);
        return new aws.iam.RolePolicy(`${name}-policy`, { role: role.name, policy }, { parent: this });
    }

    private createProject(
        name: string,
        args: BuildProjectArgs,
        { role, policy, batch }: ProjectRoles,
        context: ProjectContext,
    ): aws.codebuild.Project {
        return new aws.codebuild.Project(
            `${name}-project`,
            {
                ...projectInputs(args, { ...context, role }),
                description: "Builds and pushes the application's images with a registry cache",
                sourceVersion: args.sourceVersion,
                artifacts: artifacts(args),
                encryptionKey: args.kmsKeyArn,
                cache: args.cache ?? {
                    type: "S3",
                    location: pulumi.interpolate`${args.bucketName}/${cachePrefix}`,
                    cacheNamespace: args.cacheNamespace,
                },
                buildBatchConfig: batch && {
                    serviceRole: batch.role.arn,
                    restrictions: { maximumBuildsAllowed: mostBuildsOfBatch },
                },
            },
            {
                parent: this,
                // The name is taken as long as the old project exists.
                deleteBeforeReplace: true,
                dependsOn: [policy, ...(batch ? [batch.policy] : [])],
            },
        );
    }

    private createWebhook(name: string, args: BuildProjectArgs, project: aws.codebuild.Project): aws.codebuild.Webhook {
        return new aws.codebuild.Webhook(
            `${name}-webhook`,
            {
                projectName: project.name,
                buildType: args.nativeBuilds ? "BUILD_BATCH" : "BUILD",
                filterGroups: pulumi
                    .output(args.source?.type)
                    .apply(webhookSourceType)
                    .apply(() => trustedFilterGroups(args.policy.defaultBranch, args.tagPattern)),
            },
            { parent: this },
        );
    }

    private createPullRequests(name: string, args: BuildProjectArgs, { objects }: ProjectContext): PullRequestProject {
        return new PullRequestProject(
            `${name}-pull-request`,
            {
                ...args,
                projectName: pullRequestProjectName(args.projectName),
                rolePath: args.pullRequestRolePath ?? args.rolePath,
                source: pullRequestSource(args),
                pullRequestSource: undefined,
                objects,
            },
            { parent: this },
        );
    }
}

function webhookOf({ projectName, webhookUrl, webhookSecret }: PullRequestProject) {
    return { projectName, payloadUrl: webhookUrl, secret: webhookSecret };
}

/** Makes the source of pull requests: their own, or that of the project that pushes. */
function pullRequestSource({
    pullRequestConnectionArn: resource,
    ...args
}: BuildProjectArgs): BuildProjectArgs["source"] {
    const source = args.pullRequestSource ?? args.source;
    if (source === undefined || resource === undefined) return source;
    return { ...source, auth: { type: "CODECONNECTIONS", resource } };
}

/** Makes the place of `imagedefinitions.json` and other artifacts: the cache bucket, or the pipeline that started the build. */
function artifacts(args: BuildProjectArgs): pulumi.Output<aws.types.input.codebuild.ProjectArtifacts> {
    return pulumi.output(args.source?.type).apply((type) =>
        type === "CODEPIPELINE"
            ? { type }
            : {
                  type: "S3",
                  location: args.bucketName,
                  path: artifactsPrefix,
                  namespaceType: "BUILD_ID",
                  name: "images",
              },
    );
}
