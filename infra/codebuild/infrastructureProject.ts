import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Account, currentAccount } from "../aws/account";
import { buildBoundary } from "./buildBoundary";
import type { BuildProjectArgs } from "./buildProjectArgs";
import type { InfrastructureProjectArgs } from "./infrastructureProjectArgs";
import { infrastructureRolePolicy, type InfrastructureScope } from "./infrastructureRolePolicy";
import { artifactsPath, infrastructureScope } from "./infrastructureScope";
import { boundaryName, infrastructureProjectName, rolePath } from "./projectNames";
import { createLogGroup, createProjectRole, roleScope } from "./projectRole";
import { sourceInputs } from "./projectSettings";
import { logGroupArn, projectArn } from "../aws/resourceArns";
import { withTags } from "../aws/tags";

/** CodeBuild project that previews and updates the stack. Its role cannot widen its own permissions or those of other roles. */
export class InfrastructureProject extends pulumi.ComponentResource {
    /** Name of the project. */
    readonly projectName: pulumi.Output<string>;
    /** ARN of the role that updates run under. */
    readonly roleArn: pulumi.Output<string>;
    /** ARN of the policy that bounds the roles of builds. @default - undefined where nothing is built */
    readonly boundaryArn: pulumi.Output<string> | undefined;

    constructor(name: string, args: InfrastructureProjectArgs, opts?: pulumi.ComponentResourceOptions) {
        super("cached-image-pipeline:index:InfrastructureProject", name, {}, withTags(opts, args));

        const projectName = infrastructureProjectName(args);
        const account = currentAccount({ parent: this });
        const logGroup = createLogGroup(name, { ...args, projectName }, { parent: this });
        const role = createProjectRole(name, { projectName, rolePath: rolePath(args, "infrastructure") }, account, {
            parent: this,
        });
        const boundary = args.build && this.createBoundary(name, args.build, account);
        const policies = [
            this.createPolicy(name, role, infrastructureScope(args, projectName, account)),
            ...(boundary === undefined ? [] : [this.allowBuilds(name, role, boundary)]),
        ];
        const project = this.createProject(name, args, { projectName, role, logGroup }, policies);

        this.projectName = project.name;
        this.roleArn = role.arn;
        this.boundaryArn = boundary?.arn;
        this.registerOutputs({
            projectName: this.projectName,
            roleArn: this.roleArn,
            boundaryArn: this.boundaryArn,
        });
    }

    private createBoundary(name: string, build: BuildProjectArgs, account: Account): aws.iam.Policy {
        const buildName = build.projectName;
        const known = pulumi.output(account);
        const logGroup = known.apply((plain) => logGroupArn(buildName, plain));
        const policy = pulumi
            .all([roleScope(build, { account, logGroupArn: logGroup }), known])
            .apply(([scope, plain]) =>
                buildBoundary(scope, build.nativeBuilds ? projectArn(buildName, plain) : undefined),
            );
        return new aws.iam.Policy(
            `${name}-boundary`,
            {
                name: boundaryName(buildName),
                description: `The most that builds of ${buildName} may do, whatever their roles get`,
                policy,
            },
            { parent: this },
        );
    }

    private createPolicy(
        name: string,
        role: aws.iam.Role,
        scope: pulumi.Output<InfrastructureScope>,
    ): aws.iam.RolePolicy {
        return new aws.iam.RolePolicy(
            `${name}-policy`,
            { role: role.name, policy: scope.apply(infrastructureRolePolicy) },
            { parent: this },
        );
    }

    /** Attaches the permissions of builds as a separate policy. Updates build as well, and one policy would exceed IAM's limit. */
    private allowBuilds(name: string, role: aws.iam.Role, boundary: aws.iam.Policy): aws.iam.RolePolicyAttachment {
        return new aws.iam.RolePolicyAttachment(
            `${name}-builds`,
            { role: role.name, policyArn: boundary.arn },
            { parent: this },
        );
    }

    private createProject(
        name: string,
        args: InfrastructureProjectArgs,
        parts: { projectName: string; role: aws.iam.Role; logGroup: aws.cloudwatch.LogGroup },
        policies: pulumi.Resource[],
    ): aws.codebuild.Project {
        return new aws.codebuild.Project(
            `${name}-project`,
            {
                name: parts.projectName,
                description: `Previews and updates the stack ${args.environment}`,
                serviceRole: parts.role.arn,
                source: sourceInputs(args.source, args.buildspec),
                sourceVersion: args.sourceVersion,
                artifacts: {
                    type: "S3",
                    location: args.stateBucket,
                    path: artifactsPath(parts.projectName),
                    namespaceType: "BUILD_ID",
                    name: "infrastructure",
                },
                encryptionKey: args.stateKeyArn,
                environment: {
                    type: "LINUX_CONTAINER",
                    computeType: "BUILD_GENERAL1_MEDIUM",
                    image: "aws/codebuild/amazonlinux-x86_64-standard:5.0",
                    // The update builds images.
                    privilegedMode: args.build !== undefined,
                    environmentVariables: Object.entries(variables(args)).map(([name, value]) => ({
                        name,
                        value,
                        type: "PLAINTEXT",
                    })),
                },
                logsConfig: { cloudwatchLogs: { status: "ENABLED", groupName: parts.logGroup.name } },
                buildTimeout: 60,
                queuedTimeout: 60,
                // A second run would only find the state locked.
                concurrentBuildLimit: 1,
            },
            { parent: this, deleteBeforeReplace: true, dependsOn: policies },
        );
    }
}

/**
 * Makes the variables that tell buildspecs/infrastructure.yml the stack; APPLY says for each run whether it may update. A build within an
 * update uses the copy of BuildKit of the update before it. The first copy was made by the administrator who declared this project.
 */
function variables(args: InfrastructureProjectArgs): Record<string, pulumi.Input<string>> {
    return {
        ...(args.build?.buildkitImage === undefined ? {} : { BUILDKIT_IMAGE: args.build.buildkitImage }),
        PULUMI_BACKEND_URL: pulumi.interpolate`s3://${args.stateBucket}`,
        PULUMI_CHECKSUM: args.pulumiChecksum,
        PULUMI_STACK: args.environment,
        PULUMI_VERSION: args.pulumiVersion,
    };
}
