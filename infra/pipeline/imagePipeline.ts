import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { withTags } from "../aws/tags";
import { BuildProject } from "../codebuild/buildProject";
import type { BuildProjectArgs } from "../codebuild/buildProjectArgs";
import { CacheBucket } from "../codebuild/cacheBucket";
import { InfrastructureProject } from "../codebuild/infrastructureProject";
import { rolePath } from "../codebuild/projectNames";
import { sourceOf } from "../plan/buildInput";
import { buildProjectArgs } from "./buildProjectArgs";
import { AppImage } from "../image/appImage";
import { copyBuildkit } from "../image/buildkitCopy";
import { buildkitReference } from "../plan/buildkitRelease";
import { ContentTags } from "../plan/contentTag";
import type { ImageBuild } from "../image/imageBuild";
import { ImageRepository } from "../image/imageRepository";
import type { RegistryCredentials } from "../image/registryCredentials";
import type { ImagePipelineArgs } from "./imagePipelineArgs";
import { resolveArgs, type ResolvedArgs } from "./resolveArgs";
import type { ResolvedImage } from "./resolveImages";
import { ReleaseParameters } from "../release/releaseParameters";

/** Outputs of one image. */
export interface ImageOutputs {
    /** Address of the repository. */
    repositoryUrl: pulumi.Output<string>;
    /** `repository@sha256:…`. */
    imageUri: pulumi.Output<string>;
    /** `sha256:…`. */
    imageDigest: pulumi.Output<string>;
    /** `src-<hash>`; undefined for a received image. */
    imageTag: pulumi.Output<string | undefined>;
    /** Cache that this stack writes; undefined when it writes none. */
    cacheRef: pulumi.Output<string | undefined>;
    /** Name of the SSM parameter that holds the released image. */
    imageTagParameter: pulumi.Output<string>;
}

/** One image with its repository. */
interface PipelinePart {
    image: ResolvedImage;
    repository: ImageRepository;
    /** Login for the repository. @default - the image is received */
    credentials?: RegistryCredentials;
    appImage: AppImage;
}

/** Values that are requested once for all images. */
interface SharedByImages {
    /** Values of the build secrets, by id. */
    secrets: Record<string, pulumi.Input<string>>;
    /** Content tags, of contexts that several images may have in common. */
    tags: ContentTags;
    /** Bucket of the proofs. @default - no image is built */
    bucketName?: pulumi.Output<string>;
}

/**
 * Everything an application needs from source to release: repositories, images, CodeBuild project, cache bucket, parameters.
 *
 * @throws pulumi.RunError for images without a Dockerfile, outside of the source, or with names that others have
 */
export class ImagePipeline extends pulumi.ComponentResource {
    /** Outputs of each image, by name, in the order of the arguments. */
    readonly images: Record<string, ImageOutputs>;
    /** Name of the CodeBuild project; undefined where nothing is built. */
    readonly buildProjectName: pulumi.Output<string> | undefined;
    /** Name of the CodeBuild project of pull requests; undefined without webhooks. */
    readonly pullRequestProjectName: pulumi.Output<string> | undefined;
    /** Webhook values to enter at GitHub Enterprise Server, by project name; undefined without webhooks and at other Git hosts. */
    readonly webhooks: BuildProject["webhooks"];
    /** ARN of the role that builds run under; undefined where nothing is built. */
    readonly buildRoleArn: pulumi.Output<string> | undefined;
    /** The policy, as JSON, of those who may start builds: roles of CI systems, for example; undefined where nothing is built. */
    readonly startBuildPolicy: pulumi.Output<string> | undefined;
    /** Name of the CodeBuild project that runs updates of the stack; undefined unless asked for. */
    readonly infrastructureProjectName: pulumi.Output<string> | undefined;
    /** Name of the cache bucket; undefined where nothing is built. */
    readonly cacheBucketName: pulumi.Output<string> | undefined;
    /** Name of the parameter that holds the folder on target hosts. */
    readonly directoryAppParameter: pulumi.Output<string>;
    /** Name of the parameter that holds the name of the settings' secret. */
    readonly secretNameParameter: pulumi.Output<string>;
    /** The repositories, by image name. */
    readonly repositories: Record<string, ImageRepository>;
    /** ARNs of the repositories, by image name. */
    readonly repositoryArns: Record<string, pulumi.Output<string>>;

    constructor(name: string, given: ImagePipelineArgs, opts?: pulumi.ComponentResourceOptions) {
        super("cached-image-pipeline:index:ImagePipeline", name, {}, withTags(opts, given));

        const args = resolveArgs(name, given);
        const isBuilt = args.images.some(({ digest }) => digest === undefined);
        const bucket = isBuilt ? this.createBucket(name, args) : undefined;
        const { bucketName } = bucket ?? {};
        const shared = { secrets: this.secrets(args), tags: new ContentTags(), bucketName };
        const parts = args.images.map((image) => this.createImage(name, args, image, shared));
        const built = parts.filter((part) => part.image.digest === undefined);
        const buildArgs = bucket && buildProjectArgs(args, built, bucket, this.copyBuildkit(name, args, built[0]!));
        const infrastructure = args.infrastructure && this.createInfrastructure(name, args, parts, buildArgs);
        const project = buildArgs && this.createBuildProject(name, args, buildArgs, infrastructure);
        const parameters = this.createParameters(name, args, parts);

        this.images = Object.fromEntries(
            parts.map((part) => [part.image.name, imageOutputs(part, parameters.imageTagParameters[part.image.name]!)]),
        );
        this.repositories = Object.fromEntries(parts.map(({ image, repository }) => [image.name, repository]));
        this.repositoryArns = Object.fromEntries(
            parts.map(({ image, repository }) => [image.name, repository.repositoryArn]),
        );
        this.buildProjectName = project?.projectName;
        this.pullRequestProjectName = project?.pullRequests?.projectName;
        this.webhooks = project?.webhooks;
        this.buildRoleArn = project?.roleArn;
        this.startBuildPolicy = project?.startBuildPolicy;
        this.infrastructureProjectName = infrastructure?.projectName;
        this.cacheBucketName = bucket?.bucketName;
        this.directoryAppParameter = parameters.directoryAppParameter;
        this.secretNameParameter = parameters.secretNameParameter;
        this.registerOutputs({
            images: this.images,
            repositoryArns: this.repositoryArns,
            buildProjectName: this.buildProjectName,
            pullRequestProjectName: this.pullRequestProjectName,
            webhooks: this.webhooks,
            buildRoleArn: this.buildRoleArn,
            startBuildPolicy: this.startBuildPolicy,
            infrastructureProjectName: this.infrastructureProjectName,
            cacheBucketName: this.cacheBucketName,
            directoryAppParameter: this.directoryAppParameter,
            secretNameParameter: this.secretNameParameter,
        });
    }

    private copyBuildkit(
        name: string,
        args: ResolvedArgs,
        { repository, credentials }: PipelinePart,
    ): pulumi.Output<string> {
        return copyBuildkit(
            `${name}-buildkit`,
            {
                source: args.buildkitImage ?? buildkitReference,
                repositoryUrl: repository.repositoryUrl,
                credentials: credentials!,
                parallelBuilds: args.parallelBuilds,
            },
            { parent: this },
        );
    }

    private createBucket(name: string, args: ResolvedArgs): CacheBucket {
        return new CacheBucket(
            `${name}-cache`,
            {
                existingBucketName: args.existingCacheBucketName,
                expiryDays: args.cacheExpiryDays,
                maxBuildCount: args.maxBuildCount,
                kmsKeyArn: args.kmsKeyArn,
                forceDestroy: args.forceDestroy,
            },
            { parent: this },
        );
    }

    private createImage(name: string, args: ResolvedArgs, image: ResolvedImage, shared: SharedByImages): PipelinePart {
        const repository = new ImageRepository(
            `${name}-${image.name}`,
            {
                repositoryName: image.repositoryName,
                existingRepository: args.existingRepositories,
                // A build for several platforms is one tagged manifest for each, and the index that joins them.
                maxImageCount: args.maxBuildCount * (image.platforms.length > 1 ? image.platforms.length + 1 : 1),
                cacheExpiryDays: args.cacheExpiryDays,
                untaggedExpiryDays: args.untaggedExpiryDays,
                kmsKeyArn: args.kmsKeyArn,
                lambdaFunctionNames: args.lambdaFunctionNames,
                forceDestroy: args.forceDestroy,
            },
            { parent: this },
        );
        const credentials = image.digest === undefined ? repository.credentials() : undefined;
        const source =
            image.digest === undefined
                ? { credentials, bucketName: shared.bucketName, build: imageBuild(args, image, shared) }
                : { digest: image.digest };
        const { repositoryUrl } = repository;
        const appImage = new AppImage(`${name}-${image.name}`, { repositoryUrl, ...source }, { parent: this });
        return { image, repository, credentials, appImage };
    }

    /** Reads the values of the build secrets, by id; they lie encrypted in the state, as docker-build keeps an Image's inputs. */
    private secrets({ images, caCertificates, buildSecrets = {} }: ResolvedArgs): Record<string, pulumi.Input<string>> {
        if (images.every(({ digest }) => digest !== undefined)) return {};
        const values = Object.entries(buildSecrets).map(([id, secretId]) => {
            const { secretString } = aws.secretsmanager.getSecretVersionOutput({ secretId }, { parent: this });
            return [id, pulumi.secret(secretString)] as const;
        });
        return { ...(caCertificates === undefined ? {} : { ca: caCertificates }), ...Object.fromEntries(values) };
    }

    private createInfrastructure(
        name: string,
        args: ResolvedArgs,
        parts: PipelinePart[],
        build: BuildProjectArgs | undefined,
    ): InfrastructureProject {
        return new InfrastructureProject(
            `${name}-infrastructure`,
            {
                ...args.infrastructure!,
                application: args.application,
                environment: args.environment,
                source: args.project?.source,
                sourceVersion: args.project?.sourceVersion,
                repositoryArns: parts.map(({ repository }) => repository.repositoryArn),
                build,
                projectDependsOn: parts.map(({ appImage }) => appImage),
                logRetentionDays: args.logRetentionDays,
            },
            { parent: this },
        );
    }

    /** Creates the project; updates in CodeBuild may touch only bounded roles below a path of their kind. */
    private createBuildProject(
        name: string,
        args: ResolvedArgs,
        build: BuildProjectArgs,
        infrastructure: InfrastructureProject | undefined,
    ): BuildProject {
        const bounds = infrastructure && {
            rolePath: rolePath(args, "builds"),
            pullRequestRolePath: rolePath(args, "pull-requests"),
            permissionsBoundary: infrastructure.boundaryArn,
        };
        return new BuildProject(`${name}-build`, { ...build, ...bounds }, { parent: this });
    }

    private createParameters(name: string, args: ResolvedArgs, parts: PipelinePart[]): ReleaseParameters {
        return new ReleaseParameters(
            `${name}-release`,
            {
                application: args.application,
                environment: args.environment,
                imageUris: Object.fromEntries(parts.map((part) => [part.image.name, part.appImage.imageUri])),
                hostFolder: args.hostFolder,
                secretName: args.secretName,
            },
            { parent: this },
        );
    }
}

/** Makes an image with its secrets and content tag. */
function imageBuild(args: ResolvedArgs, image: ResolvedImage, { secrets, tags }: SharedByImages): ImageBuild {
    const input = { spec: image, policy: args, sourceRoot: args.sourceRoot };
    return { ...input, secrets, contentTag: tags.of(sourceOf(input)) };
}

function imageOutputs({ repository, appImage }: PipelinePart, imageTagParameter: pulumi.Output<string>): ImageOutputs {
    return {
        repositoryUrl: repository.repositoryUrl,
        imageUri: appImage.imageUri,
        imageDigest: appImage.imageDigest,
        imageTag: appImage.imageTag,
        cacheRef: appImage.cacheReference,
        imageTagParameter,
    };
}
