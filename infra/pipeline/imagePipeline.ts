import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { withTags } from "../aws/tags";
import { BuildProject } from "../codebuild/buildProject";
import type { BuildProjectArgs } from "../codebuild/buildProjectArgs";
import { CacheBucket } from "../codebuild/cacheBucket";
import { InfrastructureProject } from "../codebuild/infrastructureProject";
import { rolePath } from "../codebuild/projectNames";
import type { ManualWebhook } from "../codebuild/webhooks";
import { sourceOf } from "../plan/buildInput";
import { buildProjectArgs } from "./buildProjectArgs";
import { imageOutputs, type ImageOutputs } from "./imageOutputs";
import { projectsAfter } from "./projectsAfter";
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

/** Repositories of pipelines. Pulumi's schema takes every field of a component for an output, and components are no outputs. */
const repositoriesOf = new WeakMap<ImagePipeline, Record<string, ImageRepository>>();

/**
 * Everything an application needs from source to release: repositories, images, CodeBuild project, cache bucket, parameters.
 *
 * @throws pulumi.RunError for images without a Dockerfile, outside of the source, or with names that others have
 */
export class ImagePipeline extends pulumi.ComponentResource {
    /** Outputs of each image, by name. */
    readonly images: Record<string, ImageOutputs>;
    /** Name of the CodeBuild project; undefined where nothing is built. */
    readonly buildProjectName: pulumi.Output<string> | undefined;
    /** Name of the CodeBuild project of pull requests; undefined without webhooks. */
    readonly pullRequestProjectName: pulumi.Output<string> | undefined;
    /** Webhook values to enter at GitHub Enterprise Server, by project name; undefined without webhooks and at other Git hosts. */
    readonly webhooks: pulumi.Output<Record<string, ManualWebhook> | undefined>;
    /** ARN of the role that builds run under; undefined where nothing is built. */
    readonly buildRoleArn: pulumi.Output<string> | undefined;
    /** The policy, as JSON, of those who may start builds: roles of CI systems, for example; undefined where nothing is built. */
    readonly startBuildPolicy: pulumi.Output<string> | undefined;
    /** Name of the CodeBuild project that runs updates of the stack; undefined unless asked for. */
    readonly infrastructureProjectName: pulumi.Output<string> | undefined;
    /** Key of the build tools in the cache bucket; undefined where nothing is built. */
    readonly buildToolsKey: pulumi.Output<string> | undefined;
    /** Name of the cache bucket; undefined where nothing is built. */
    readonly cacheBucketName: pulumi.Output<string> | undefined;
    /** Name of the parameter that holds the folder on target hosts. */
    readonly directoryAppParameter: pulumi.Output<string>;
    /** Name of the parameter that holds the name of the settings' secret. */
    readonly secretNameParameter: pulumi.Output<string>;
    /** ARNs of the repositories, by image name. */
    readonly repositoryArns: Record<string, pulumi.Output<string>>;

    constructor(name: string, args: ImagePipelineArgs, opts?: pulumi.ComponentResourceOptions) {
        super("cached-image-pipeline:index:ImagePipeline", name, {}, withTags(opts, args));

        const resolved = resolveArgs(name, args);
        const isBuilt = resolved.images.some(({ digest }) => digest === undefined);
        const bucket = isBuilt ? this.createBucket(name, resolved) : undefined;
        const { bucketName } = bucket ?? {};
        const shared = { secrets: this.secrets(resolved), tags: new ContentTags(), bucketName };
        const parts = resolved.images.map((image) => this.createImage(name, resolved, image, shared));
        const built = parts.filter((part) => part.image.digest === undefined);
        const buildArgs =
            bucket && buildProjectArgs(resolved, built, bucket, this.copyBuildkit(name, resolved, built[0]!));
        const infrastructure = resolved.infrastructure && this.createInfrastructure(name, resolved, parts, buildArgs);
        const project = buildArgs && this.createBuildProject(name, resolved, parts, buildArgs, infrastructure);
        const parameters = this.createParameters(name, resolved, parts);

        this.images = Object.fromEntries(
            parts.map(({ image: { name }, repository, appImage }) => [
                name,
                imageOutputs(repository, appImage, parameters.imageTagParameters[name]!),
            ]),
        );
        repositoriesOf.set(this, Object.fromEntries(parts.map(({ image, repository }) => [image.name, repository])));
        this.repositoryArns = Object.fromEntries(
            parts.map(({ image, repository }) => [image.name, repository.repositoryArn]),
        );
        this.buildProjectName = project?.projectName;
        this.pullRequestProjectName = project?.pullRequestProjectName;
        this.webhooks = project?.webhooks ?? pulumi.output(undefined);
        this.buildRoleArn = project?.roleArn;
        this.startBuildPolicy = project?.startBuildPolicy;
        this.buildToolsKey = project?.buildToolsKey;
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
            buildToolsKey: this.buildToolsKey,
            infrastructureProjectName: this.infrastructureProjectName,
            cacheBucketName: this.cacheBucketName,
            directoryAppParameter: this.directoryAppParameter,
            secretNameParameter: this.secretNameParameter,
        });
    }

    /** The repositories, by image name. */
    get repositories(): Record<string, ImageRepository> {
        return repositoriesOf.get(this)!;
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
                copyRoleArns: args.copyRoleArns,
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
                logRetentionDays: args.logRetentionDays,
            },
            { parent: this, transformations: [projectsAfter(parts.map(({ appImage }) => appImage))] },
        );
    }

    /** Creates the project; updates in CodeBuild may touch only bounded roles below a path of their kind. */
    private createBuildProject(
        name: string,
        args: ResolvedArgs,
        parts: PipelinePart[],
        build: BuildProjectArgs,
        infrastructure: InfrastructureProject | undefined,
    ): BuildProject {
        const bounds = infrastructure && {
            rolePath: rolePath(args, "builds"),
            pullRequestRolePath: rolePath(args, "pull-requests"),
            permissionsBoundary: infrastructure.boundaryArn,
        };
        return new BuildProject(
            `${name}-build`,
            { ...build, ...bounds },
            { parent: this, transformations: [projectsAfter(parts.map(({ appImage }) => appImage))] },
        );
    }

    private createParameters(name: string, args: ResolvedArgs, parts: PipelinePart[]): ReleaseParameters {
        return new ReleaseParameters(
            `${name}-release`,
            {
                application: args.application,
                environment: args.environment,
                images: parts.map(({ image: { name }, appImage: { imageUri } }) => ({ name, imageUri })),
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
