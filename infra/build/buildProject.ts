import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Account, currentAccount } from "../account";
import { type BuildObjectKeys, createBuildObjects } from "./buildObjects";
import { artifactsPrefix, buildRolePolicy, buildTrustPolicy, cachePrefix } from "./buildRolePolicy";
import { type BuildSettings, buildVariables, imagesVariable, type SourceImage } from "./buildVariables";
import { type ProjectSettings, sourceAccess } from "./projectSettings";
import { baseRepositoryArns, repositoryArnOfImage, secretArn } from "./resourceArns";

/** An image that the project builds. */
export interface BuiltImage extends SourceImage {
    /** Address of its repository. */
    repositoryUrl: pulumi.Input<string>;
    /** ARN of its repository. */
    repositoryArn: pulumi.Input<string>;
}

/** Arguments of {@link BuildProject}. */
export interface BuildProjectArgs extends BuildSettings, ProjectSettings {
    /** Name of the CodeBuild project; fixed, since the trust policy of its role names the project's ARN. */
    projectName: string;
    /** The images it builds, at least one. */
    images: BuiltImage[];
    /** Text of the buildspec; kept in the project, so that a change of the source cannot change what the build runs. */
    buildspec: string;
    /** Variables that builds get besides those that the buildspec needs. @default - none */
    environment?: Record<string, pulumi.Input<string>>;
    /** Registry and prefix of the base images. */
    baseRegistry: string;
    /** Certificates that build steps trust, as the build secret `ca`. @default - none */
    caCertificates?: pulumi.Input<string>;
    /** Name of the cache bucket. */
    bucketName: pulumi.Input<string>;
    /** ARN of the cache bucket. */
    bucketArn: pulumi.Input<string>;
    /** KMS key of bucket and repositories. @default - none */
    kmsKeyArn?: pulumi.Input<string>;
    /** Days that logs are kept; one of CloudWatch's choices. @default 30 */
    logRetentionDays?: number;
}

/** What the parts of the project share. */
interface ProjectContext {
    account: Account;
    logGroup: aws.cloudwatch.LogGroup;
    objects: BuildObjectKeys;
}

/** The CodeBuild project that builds the images, with its role and log group. */
export class BuildProject extends pulumi.ComponentResource {
    /** Name of the project. */
    readonly projectName: pulumi.Output<string>;
    /** ARN of the role that builds run under. */
    readonly roleArn: pulumi.Output<string>;

    constructor(name: string, args: BuildProjectArgs, opts?: pulumi.ComponentResourceOptions) {
        super("cached-image-pipeline:index:BuildProject", name, {}, opts);

        const context = {
            account: currentAccount({ parent: this }),
            logGroup: this.createLogGroup(name, args),
            objects: createBuildObjects(name, args, { parent: this }),
        };
        const role = this.createRole(name, args, context);
        const policy = this.createPolicy(name, args, role, context);
        const project = this.createProject(name, args, role, policy, context);

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

    private createRole(name: string, args: BuildProjectArgs, { account }: ProjectContext): aws.iam.Role {
        const { partition, region, accountId } = account;
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
        { account, logGroup, objects }: ProjectContext,
    ): aws.iam.RolePolicy {
        const policy = pulumi
            .output({
                images: args.images,
                source: args.source,
                account,
                objects,
                logGroupArn: logGroup.arn,
                bucketArn: args.bucketArn,
                kmsKeyArn: args.kmsKeyArn,
            })
            .apply(({ images, source, account, objects, ...scope }) =>
                buildRolePolicy({
                    repositoryArns: images.map((image) => image.repositoryArn),
                    baseRepositoryArns: images
                        .slice(0, 1)
                        .flatMap(({ repositoryUrl, repositoryArn }) => [
                            ...baseRepositoryArns(args.baseRegistry, repositoryUrl, repositoryArn),
                            ...repositoryArnOfImage(args.buildkitImage ?? "", repositoryUrl, repositoryArn),
                        ]),
                    secretArns: Object.values(args.buildSecrets ?? {}).map((one) => secretArn(one, account)),
                    source: sourceAccess(source),
                    objectKeys: [objects.tools, objects.caCertificates].filter((key) => key !== undefined),
                    ...scope,
                }),
            );
        return new aws.iam.RolePolicy(`${name}-policy`, { role: role.name, policy }, { parent: this });
    }

    private createProject(
        name: string,
        args: BuildProjectArgs,
        role: aws.iam.Role,
        policy: aws.iam.RolePolicy,
        { logGroup, objects }: ProjectContext,
    ): aws.codebuild.Project {
        return new aws.codebuild.Project(
            `${name}-project`,
            {
                name: args.projectName,
                description: "Builds and pushes the application's images with a registry cache",
                serviceRole: role.arn,
                source: { type: "NO_SOURCE", ...args.source, buildspec: args.buildspec },
                sourceVersion: args.sourceVersion,
                artifacts: {
                    type: "S3",
                    location: args.bucketName,
                    path: artifactsPrefix,
                    namespaceType: "BUILD_ID",
                    name: "images",
                },
                encryptionKey: args.kmsKeyArn,
                environment: {
                    type: args.environmentType ?? "LINUX_CONTAINER",
                    computeType: args.computeType ?? "BUILD_GENERAL1_MEDIUM",
                    image: args.image ?? "aws/codebuild/amazonlinux-x86_64-standard:5.0",
                    dockerServer: args.dockerServer,
                    // BuildKit runs containers of its own.
                    privilegedMode: true,
                    environmentVariables: environmentVariables(args, objects),
                },
                cache: {
                    type: "S3",
                    location: pulumi.interpolate`${args.bucketName}/${cachePrefix}`,
                    cacheNamespace: args.cacheNamespace,
                },
                logsConfig: { cloudwatchLogs: { status: "ENABLED", groupName: logGroup.name } },
                buildTimeout: args.buildTimeout ?? 30,
                queuedTimeout: args.queuedTimeout ?? 60,
                autoRetryLimit: args.autoRetryLimit,
                concurrentBuildLimit: args.concurrentBuildLimit,
            },
            // The name is taken as long as the old project exists. The first build must find its permissions in place.
            { parent: this, deleteBeforeReplace: true, dependsOn: policy },
        );
    }
}

function environmentVariables(
    args: BuildProjectArgs,
    objects: BuildObjectKeys,
): aws.types.input.codebuild.ProjectEnvironmentEnvironmentVariable[] {
    const repositoryUrls = pulumi.all(args.images.map(({ repositoryUrl }) => repositoryUrl));
    const values: Record<string, pulumi.Input<string>> = {
        ...buildVariables(args),
        IMAGES: repositoryUrls.apply((urls) => imagesVariable(args.images, urls)),
        BUILD_TOOLS_BUCKET: args.bucketName,
        BUILD_TOOLS_KEY: objects.tools,
        ...(objects.caCertificates === undefined ? {} : { CA_CERTIFICATES_KEY: objects.caCertificates }),
        ...args.environment,
    };
    return Object.entries(values)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, value]) => ({ name, value, type: "PLAINTEXT" }));
}
