import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { currentAccount } from "../account";
import { baseRepositoryArns, buildRolePolicy, buildTrustPolicy, cachePrefix } from "./buildRolePolicy";

/** An image that the project builds. */
export interface BuiltImage {
    /** Address of its repository. */
    repositoryUrl: pulumi.Input<string>;
    /** ARN of its repository. */
    repositoryArn: pulumi.Input<string>;
}

/** Arguments of {@link BuildProject}. */
export interface BuildProjectArgs {
    /** Name of the CodeBuild project; fixed, since the trust policy of its role names the project's ARN. */
    projectName: string;
    /** The images it builds, at least one. */
    images: BuiltImage[];
    /** Text of the buildspec; kept in the project, so that a change of the source cannot change what the build runs. */
    buildspec: string;
    /** Variables that the buildspec reads. @default - none */
    environment?: Record<string, pulumi.Input<string>>;
    /** Registry and prefix of the base images. */
    baseRegistry: string;
    /** Name of the cache bucket. */
    bucketName: pulumi.Input<string>;
    /** ARN of the cache bucket. */
    bucketArn: pulumi.Input<string>;
    /** KMS key of bucket and repositories. @default - none */
    kmsKeyArn?: pulumi.Input<string>;
    /** Days that logs are kept; one of CloudWatch's choices. @default 30 */
    logRetentionDays?: number;
}

/** The CodeBuild project that builds the images, with its role and log group. */
export class BuildProject extends pulumi.ComponentResource {
    /** Name of the project. */
    readonly projectName: pulumi.Output<string>;
    /** ARN of the role that builds run under. */
    readonly roleArn: pulumi.Output<string>;

    constructor(name: string, args: BuildProjectArgs, opts?: pulumi.ComponentResourceOptions) {
        super("cached-image-pipeline:index:BuildProject", name, {}, opts);

        const logGroup = this.createLogGroup(name, args);
        const role = this.createRole(name, args);
        const policy = this.createPolicy(name, args, role, logGroup);
        const project = this.createProject(name, args, role, logGroup, policy);

        this.projectName = project.name;
        this.roleArn = role.arn;
        this.registerOutputs({ projectName: this.projectName, roleArn: this.roleArn });
    }

    private createLogGroup(name: string, args: BuildProjectArgs): aws.cloudwatch.LogGroup {
        return new aws.cloudwatch.LogGroup(
            `${name}-logs`,
            { name: `/aws/codebuild/${args.projectName}`, retentionInDays: args.logRetentionDays ?? 30 },
            { parent: this },
        );
    }

    private createRole(name: string, args: BuildProjectArgs): aws.iam.Role {
        const { partition, region, accountId } = currentAccount({ parent: this });
        const projectArn = pulumi.interpolate`arn:${partition}:codebuild:${region}:${accountId}:project/${args.projectName}`;
        return new aws.iam.Role(
            `${name}-role`,
            {
                description: `Builds of the CodeBuild project ${args.projectName}`,
                assumeRolePolicy: pulumi.all([projectArn, accountId]).apply(([arn, id]) => buildTrustPolicy(arn, id)),
            },
            { parent: this },
        );
    }

    private createPolicy(
        name: string,
        args: BuildProjectArgs,
        role: aws.iam.Role,
        logGroup: aws.cloudwatch.LogGroup,
    ): aws.iam.RolePolicy {
        const policy = pulumi
            .all([pulumi.output(args.images), logGroup.arn, args.bucketArn, args.kmsKeyArn])
            .apply(([images, logGroupArn, bucketArn, kmsKeyArn]) =>
                buildRolePolicy({
                    repositoryArns: images.map((image) => image.repositoryArn),
                    baseRepositoryArns: images
                        .slice(0, 1)
                        .flatMap((image) =>
                            baseRepositoryArns(args.baseRegistry, image.repositoryUrl, image.repositoryArn),
                        ),
                    logGroupArn,
                    bucketArn,
                    kmsKeyArn,
                }),
            );
        return new aws.iam.RolePolicy(`${name}-policy`, { role: role.name, policy }, { parent: this });
    }

    private createProject(
        name: string,
        args: BuildProjectArgs,
        role: aws.iam.Role,
        logGroup: aws.cloudwatch.LogGroup,
        policy: aws.iam.RolePolicy,
    ): aws.codebuild.Project {
        return new aws.codebuild.Project(
            `${name}-project`,
            {
                name: args.projectName,
                description: "Builds and pushes the application's images with a registry cache",
                serviceRole: role.arn,
                source: { type: "NO_SOURCE", buildspec: args.buildspec },
                artifacts: { type: "NO_ARTIFACTS" },
                environment: {
                    type: "LINUX_CONTAINER",
                    computeType: "BUILD_GENERAL1_MEDIUM",
                    image: "aws/codebuild/amazonlinux-x86_64-standard:5.0",
                    // BuildKit runs containers of its own.
                    privilegedMode: true,
                    environmentVariables: environmentVariables(args.environment ?? {}),
                },
                cache: { type: "S3", location: pulumi.interpolate`${args.bucketName}/${cachePrefix}` },
                logsConfig: { cloudwatchLogs: { status: "ENABLED", groupName: logGroup.name } },
                buildTimeout: 30,
            },
            // The name is taken as long as the old project exists. The first build must find its permissions in place.
            { parent: this, deleteBeforeReplace: true, dependsOn: policy },
        );
    }
}

function environmentVariables(
    values: Record<string, pulumi.Input<string>>,
): aws.types.input.codebuild.ProjectEnvironmentEnvironmentVariable[] {
    return Object.entries(values)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, value]) => ({ name, value, type: "PLAINTEXT" }));
}
