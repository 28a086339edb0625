import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { currentAccount } from "../aws/account";
import { withTags } from "../aws/tags";
import type { BuildObjectKeys } from "./buildObjects";
import type { BuildProjectArgs } from "./buildProjectArgs";
import { projectInputs } from "./projectInputs";
import { boundaryName } from "./projectNames";
import { createLogGroup, createProjectRole, roleScope } from "./projectRole";
import { pullRequestRolePolicy } from "./pullRequestRolePolicy";
import { pullRequestBuildPolicy, pullRequestFilterGroups, webhookSourceType } from "./webhooks";

/** Arguments of {@link PullRequestProject}: those of the project that pushes, whose images it builds. */
export interface PullRequestProjectArgs extends BuildProjectArgs {
    /** Keys of the objects that builds read, in the cache bucket. */
    objects: BuildObjectKeys;
}

/**
 * CodeBuild project of pull requests. It builds the same images as the project that pushes, with the default branch's cache. Its role can
 * pull and write its log: no pushes, no secrets, no parameters, no artifacts, no cached folders.
 */
export class PullRequestProject extends pulumi.ComponentResource {
    /** Name of the project. */
    readonly projectName: pulumi.Output<string>;
    /** ARN of the role that builds run under. */
    readonly roleArn: pulumi.Output<string>;
    /** ARN of the policy that bounds the role. */
    readonly boundaryArn: pulumi.Output<string>;
    /** Address that receives the events of the Git host. */
    readonly webhookUrl: pulumi.Output<string>;
    /** Secret text that signs events; empty where CodeBuild made the webhook at the Git host. */
    readonly webhookSecret: pulumi.Output<string>;

    constructor(name: string, args: PullRequestProjectArgs, opts?: pulumi.ComponentResourceOptions) {
        super("cached-image-pipeline:index:PullRequestProject", name, {}, withTags(opts, args));

        const account = currentAccount({ parent: this });
        const logGroup = createLogGroup(name, args, { parent: this });
        const policy = roleScope(args, { account, logGroupArn: logGroup.arn }).apply(pullRequestRolePolicy);
        const boundary = this.createBoundary(name, args, policy);
        const role = createProjectRole(name, { ...args, permissionsBoundary: boundary.arn }, account, { parent: this });
        const rolePolicy = new aws.iam.RolePolicy(`${name}-policy`, { role: role.name, policy }, { parent: this });
        const project = this.createProject(name, args, { role, logGroup }, rolePolicy);
        const webhook = this.createWebhook(name, args, project);

        this.projectName = project.name;
        this.roleArn = role.arn;
        this.boundaryArn = boundary.arn;
        this.webhookUrl = webhook.payloadUrl;
        this.webhookSecret = webhook.secret;
        this.registerOutputs({
            projectName: this.projectName,
            roleArn: this.roleArn,
            boundaryArn: this.boundaryArn,
        });
    }

    private createBoundary(name: string, args: PullRequestProjectArgs, policy: pulumi.Input<string>): aws.iam.Policy {
        const description = `The most that builds of ${args.projectName} may do, whatever their role gets`;
        return new aws.iam.Policy(
            `${name}-boundary`,
            { name: boundaryName(args.projectName), description, policy },
            { parent: this },
        );
    }

    private createProject(
        name: string,
        args: PullRequestProjectArgs,
        parts: { role: aws.iam.Role; logGroup: aws.cloudwatch.LogGroup },
        policy: aws.iam.RolePolicy,
    ): aws.codebuild.Project {
        const { environmentVariables = [], ...rest } = args;
        const plain = environmentVariables.filter(({ type = "PLAINTEXT" }) => type === "PLAINTEXT");
        return new aws.codebuild.Project(
            `${name}-project`,
            {
                ...projectInputs(
                    { ...rest, buildSecrets: {}, environmentVariables: plain },
                    { ...parts, objects: args.objects },
                ),
                description: "Builds the application's images for pull requests and pushes nothing",
                artifacts: { type: "NO_ARTIFACTS" },
            },
            { parent: this, deleteBeforeReplace: true, dependsOn: policy },
        );
    }

    private createWebhook(
        name: string,
        args: PullRequestProjectArgs,
        project: aws.codebuild.Project,
    ): aws.codebuild.Webhook {
        const host = pulumi.output(args.source?.type).apply(webhookSourceType);
        return new aws.codebuild.Webhook(
            `${name}-webhook`,
            {
                projectName: project.name,
                buildType: "BUILD",
                filterGroups: host.apply((type) => pullRequestFilterGroups(type, args.policy.defaultBranch)),
                pullRequestBuildPolicy: args.pullRequestBuildPolicy ?? host.apply(pullRequestBuildPolicy),
            },
            { parent: this },
        );
    }
}
