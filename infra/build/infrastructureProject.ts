import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Account, currentAccount } from "../account";
import type { BuildProjectArgs } from "./buildProject";
import { artifactsPrefix } from "./buildRolePolicy";
import { infrastructureBoundary } from "./infrastructureBoundary";
import { infrastructureRolePolicy, type InfrastructureScope } from "./infrastructureRolePolicy";
import { boundaryName, createLogGroup, createProjectRole, roleScope } from "./projectRole";
import { type ProjectSettings, sourceAccess } from "./projectSettings";
import { logGroupArn, projectArn } from "./resourceArns";

/** How updates of the stack run in CodeBuild. */
export interface InfrastructureSettings {
    /** Name of the bucket that holds the stack's state; it exists. Plans and outputs lie below `artifacts/` of it. */
    stateBucket: string;
    /** ARN of the KMS key that encrypts the stack's secrets or the bucket. @default - none; then the stack has a passphrase */
    stateKeyArn?: string;
    /** Version of the Pulumi CLI, for example `3.248.0`. */
    pulumiVersion: string;
    /** SHA-256 of its archive for Linux on x64, out of the release's list of checksums. */
    pulumiChecksum: string;
}

/** Arguments of {@link InfrastructureProject}. */
export interface InfrastructureProjectArgs
    extends InfrastructureSettings, Pick<ProjectSettings, "source" | "sourceVersion"> {
    /** Name of the application; its parameters and roles lie below it. */
    application: string;
    /** Name of the environment, which is also the stack's. */
    environment: string;
    /** Text of the buildspec. */
    buildspec: string;
    /** ARNs of the environment's repositories. */
    repositoryArns: pulumi.Input<string>[];
    /** The project that builds the images; updates build as well. @default - nothing is built */
    build?: BuildProjectArgs;
    /** Days that logs are kept; one of CloudWatch's choices. @default 30 */
    logRetentionDays?: number;
}

/** The CodeBuild project that previews and updates the stack, with a role that cannot make itself or another role mightier. */
export class InfrastructureProject extends pulumi.ComponentResource {
    /** Name of the project. */
    readonly projectName: pulumi.Output<string>;
    /** ARN of the role that updates run under. */
    readonly roleArn: pulumi.Output<string>;
    /** ARN of the policy that bounds this role and those that it makes. */
    readonly boundaryArn: pulumi.Output<string>;

    constructor(name: string, args: InfrastructureProjectArgs, opts?: pulumi.ComponentResourceOptions) {
        super("cached-image-pipeline:index:InfrastructureProject", name, {}, opts);

        const projectName = `${args.application}-${args.environment}-infrastructure`;
        const account = currentAccount({ parent: this });
        const logGroup = createLogGroup(name, { ...args, projectName }, { parent: this });
        const scope = infrastructureScope(args, projectName, account);
        const boundary = this.createBoundary(name, projectName, scope.apply(infrastructureBoundary));
        const role = createProjectRole(
            name,
            { projectName, rolePath: rolePath(args, "infrastructure"), permissionsBoundary: boundary.arn },
            account,
            { parent: this },
        );
        const policy = new aws.iam.RolePolicy(
            `${name}-policy`,
            { role: role.name, policy: scope.apply(infrastructureRolePolicy) },
            { parent: this },
        );
        const project = this.createProject(name, args, { projectName, role, logGroup }, policy);

        this.projectName = project.name;
        this.roleArn = role.arn;
        this.boundaryArn = boundary.arn;
        this.registerOutputs({
            projectName: this.projectName,
            roleArn: this.roleArn,
            boundaryArn: this.boundaryArn,
        });
    }

    private createBoundary(name: string, projectName: string, policy: pulumi.Input<string>): aws.iam.Policy {
        const description = `The most that ${projectName}, and roles that it makes, may do`;
        return new aws.iam.Policy(
            `${name}-boundary`,
            { name: boundaryName(projectName), description, policy },
            { parent: this },
        );
    }

    private createProject(
        name: string,
        args: InfrastructureProjectArgs,
        parts: { projectName: string; role: aws.iam.Role; logGroup: aws.cloudwatch.LogGroup },
        policy: aws.iam.RolePolicy,
    ): aws.codebuild.Project {
        return new aws.codebuild.Project(
            `${name}-project`,
            {
                name: parts.projectName,
                description: `Previews and updates the stack ${args.environment}`,
                serviceRole: parts.role.arn,
                source: { type: "NO_SOURCE", ...args.source, buildspec: args.buildspec },
                sourceVersion: args.sourceVersion,
                artifacts: {
                    type: "S3",
                    location: args.stateBucket,
                    path: artifactsPrefix,
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
            { parent: this, deleteBeforeReplace: true, dependsOn: policy },
        );
    }
}

/** Path of the roles of an environment, apart for those that updates may change and the one that runs updates. */
export function rolePath(
    { application, environment }: { application: string; environment: string },
    kind: "builds" | "infrastructure",
): string {
    return `/${application}/${environment}/${kind}/`;
}

/** The variables by which buildspecs/infrastructure.yml learns what to update; each update says by APPLY whether it may. */
function variables(args: InfrastructureProjectArgs): Record<string, string> {
    return {
        ...(args.build?.buildkitImage === undefined ? {} : { BUILDKIT_IMAGE: args.build.buildkitImage }),
        PULUMI_BACKEND_URL: `s3://${args.stateBucket}`,
        PULUMI_CHECKSUM: args.pulumiChecksum,
        PULUMI_STACK: args.environment,
        PULUMI_VERSION: args.pulumiVersion,
    };
}

function infrastructureScope(
    args: InfrastructureProjectArgs,
    ownName: string,
    account: Account,
): pulumi.Output<InfrastructureScope> {
    const { application, environment, build } = args;
    const buildName = `${application}-${environment}`;
    const pullRequestName = `${buildName}-pull-request`;
    const buildLogs = pulumi.output(account).apply((known) => logGroupArn(buildName, known));
    return pulumi
        .output({
            account,
            source: args.source,
            repositoryArns: args.repositoryArns,
            build: build && roleScope(build, { account, logGroupArn: buildLogs }),
        })
        .apply(({ account, source, repositoryArns, build }) => {
            const { partition, accountId } = account;
            const iam = (resource: string) => `arn:${partition}:iam::${accountId}:${resource}`;
            return {
                source: sourceAccess(source, partition),
                repositoryArns,
                build,
                stateBucketArn: `arn:${partition}:s3:::${args.stateBucket}`,
                stateKeyArn: args.stateKeyArn,
                roleArns: iam(`role${rolePath(args, "builds")}*`),
                ownRoleArns: iam(`role${rolePath(args, "infrastructure")}*`),
                ownProjectArn: projectArn(ownName, account),
                boundaryArns: [ownName, pullRequestName].map((name) => iam(`policy/${boundaryName(name)}`)),
                projectArns: [buildName, pullRequestName].map((name) => projectArn(name, account)),
                logGroupArn: logGroupArn(ownName, account),
                logGroupArns: [buildName, pullRequestName, ownName].map((name) => logGroupArn(name, account)),
                parameterArns: `arn:${partition}:ssm:${account.region}:${accountId}:parameter/${application}/${environment}/*`,
            };
        });
}
