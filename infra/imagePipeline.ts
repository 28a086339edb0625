import * as pulumi from "@pulumi/pulumi";
import { BuildProject, CacheBucket } from "./build";
import {
    AppImage,
    cacheTags,
    type CacheMode,
    type GitReference,
    ImageRepository,
    type ImageBuild,
    type Platform,
} from "./image";
import { ReleaseParameters } from "./release";

/** One image of the application. */
export interface PipelineImage {
    /** Name of the image, unique within the pipeline. */
    name: string;
    /** Name of its ECR repository. */
    repositoryName: string;
    /** Absolute path of the build context. */
    context: string;
    /** Absolute path of the Dockerfile. */
    dockerfile: string;
    /** Stage to build. @default - the last one */
    target?: string;
    /** Build arguments besides BASE_REGISTRY. @default - none */
    buildArgs?: Record<string, string>;
    /** Platforms to build for. */
    platforms: Platform[];
    /** Take this promoted image instead of building one. @default - built */
    digest?: pulumi.Input<string>;
}

/** Arguments of {@link ImagePipeline}. */
export interface ImagePipelineArgs {
    /** Name of the application. */
    application: string;
    /** Name of the environment. */
    environment: string;
    /** The application's images, at least one. */
    images: PipelineImage[];
    /** Text of the CodeBuild project's buildspec. */
    buildspec: string;
    /** Registry and prefix of the base images; the build argument BASE_REGISTRY. */
    baseRegistry: string;
    /** Branch that is built, and whose cache is written. */
    branch: string;
    /** Branch whose cache all others fall back to. */
    defaultBranch: string;
    /** How much the caches keep. */
    cacheMode: CacheMode;
    /** Moved by hand to pick up changed base images. @default - none */
    rebuildKey?: string;
    /** Create the repositories, or use existing ones of these names. @default true */
    createRepository?: boolean;
    /** Builds to keep. @default 50 */
    keepBuilds?: number;
    /** Days after which an unused cache is deleted, in registry and bucket. @default 30 */
    cacheExpiryDays?: number;
    /** Days after which a manifest without a tag is deleted. @default 7 */
    untaggedExpiryDays?: number;
    /** Days that build logs are kept. @default 30 */
    logRetentionDays?: number;
    /** KMS key for repositories and bucket. @default - keys of the services' own */
    kmsKeyArn?: pulumi.Input<string>;
    /** Bucket to use instead of creating one. @default - created */
    cacheBucketName?: pulumi.Input<string>;
    /** Certificates that build steps trust besides the base image's, as the optional build secret `ca`. @default - none */
    caCertificates?: pulumi.Input<string>;
    /** Folder on target hosts. @default `/opt/<application>` */
    directoryApp?: pulumi.Input<string>;
    /** Secret with the application's settings. @default `<application>/<environment>` */
    secretName?: pulumi.Input<string>;
    /** Delete repositories and bucket with their content when the stack is destroyed. @default false */
    throwAway?: boolean;
}

/** What is known of one image. */
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

/** Everything an application needs from source to release: repositories, images, CodeBuild project, cache bucket, parameters. */
export class ImagePipeline extends pulumi.ComponentResource {
    /** What is known of each image, by name, in the order of the arguments. */
    readonly images: Record<string, ImageOutputs>;
    /** Name of the CodeBuild project. */
    readonly buildProjectName: pulumi.Output<string>;
    /** ARN of the role that builds run under. */
    readonly buildRoleArn: pulumi.Output<string>;
    /** Name of the cache bucket. */
    readonly cacheBucketName: pulumi.Output<string>;
    /** Name of the parameter that holds the folder on target hosts. */
    readonly directoryAppParameter: pulumi.Output<string>;
    /** Name of the parameter that holds the name of the settings' secret. */
    readonly secretNameParameter: pulumi.Output<string>;

    constructor(name: string, args: ImagePipelineArgs, opts?: pulumi.ComponentResourceOptions) {
        super("cached-image-pipeline:index:ImagePipeline", name, {}, opts);

        const bucket = this.createBucket(name, args);
        const repositories = args.images.map((image) => this.createRepository(name, args, image));
        const images = args.images.map((image, index) => this.createImage(name, args, image, repositories[index]!));
        const project = this.createBuildProject(name, args, repositories, bucket);
        const parameters = this.createParameters(name, args, images);

        this.images = Object.fromEntries(
            args.images.map((image, index) => [
                image.name,
                {
                    repositoryUrl: repositories[index]!.repositoryUrl,
                    imageUri: images[index]!.imageUri,
                    imageDigest: images[index]!.imageDigest,
                    imageTag: images[index]!.imageTag,
                    cacheRef: images[index]!.cacheReference,
                    imageTagParameter: parameters.imageTagParameters[image.name]!,
                },
            ]),
        );
        this.buildProjectName = project.projectName;
        this.buildRoleArn = project.roleArn;
        this.cacheBucketName = bucket.bucketName;
        this.directoryAppParameter = parameters.directoryAppParameter;
        this.secretNameParameter = parameters.secretNameParameter;
        this.registerOutputs({
            images: this.images,
            buildProjectName: this.buildProjectName,
            buildRoleArn: this.buildRoleArn,
            cacheBucketName: this.cacheBucketName,
            directoryAppParameter: this.directoryAppParameter,
            secretNameParameter: this.secretNameParameter,
        });
    }

    private createBucket(name: string, args: ImagePipelineArgs): CacheBucket {
        return new CacheBucket(
            `${name}-cache`,
            {
                existingBucketName: args.cacheBucketName,
                expiryDays: args.cacheExpiryDays,
                kmsKeyArn: args.kmsKeyArn,
                throwAway: args.throwAway,
            },
            { parent: this },
        );
    }

    private createRepository(name: string, args: ImagePipelineArgs, image: PipelineImage): ImageRepository {
        return new ImageRepository(
            `${name}-${image.name}`,
            {
                repositoryName: image.repositoryName,
                existing: args.createRepository === false,
                // A build for several platforms is one tagged manifest for each, and the index that joins them.
                keepBuilds: (args.keepBuilds ?? 50) * (image.platforms.length > 1 ? image.platforms.length + 1 : 1),
                cacheExpiryDays: args.cacheExpiryDays,
                untaggedExpiryDays: args.untaggedExpiryDays,
                kmsKeyArn: args.kmsKeyArn,
                throwAway: args.throwAway,
            },
            { parent: this },
        );
    }

    private createImage(
        name: string,
        args: ImagePipelineArgs,
        image: PipelineImage,
        repository: ImageRepository,
    ): AppImage {
        const { repositoryUrl } = repository;
        const source =
            image.digest === undefined
                ? { credentials: repository.credentials(), build: imageBuild(args, image) }
                : { digest: image.digest };
        return new AppImage(`${name}-${image.name}`, { repositoryUrl, ...source }, { parent: this });
    }

    private createBuildProject(
        name: string,
        args: ImagePipelineArgs,
        repositories: ImageRepository[],
        bucket: CacheBucket,
    ): BuildProject {
        return new BuildProject(
            `${name}-build`,
            {
                projectName: `${args.application}-${args.environment}`,
                images: repositories.map(({ repositoryUrl, repositoryArn }) => ({ repositoryUrl, repositoryArn })),
                buildspec: args.buildspec,
                environment: buildEnvironment(args, repositories),
                baseRegistry: args.baseRegistry,
                bucketName: bucket.bucketName,
                bucketArn: bucket.bucketArn,
                kmsKeyArn: args.kmsKeyArn,
                logRetentionDays: args.logRetentionDays,
            },
            { parent: this },
        );
    }

    private createParameters(name: string, args: ImagePipelineArgs, images: AppImage[]): ReleaseParameters {
        return new ReleaseParameters(
            `${name}-release`,
            {
                application: args.application,
                environment: args.environment,
                imageUris: Object.fromEntries(args.images.map((image, index) => [image.name, images[index]!.imageUri])),
                directoryApp: args.directoryApp ?? `/opt/${args.application}`,
                secretName: args.secretName ?? `${args.application}/${args.environment}`,
            },
            { parent: this },
        );
    }
}

function imageBuild(args: ImagePipelineArgs, image: PipelineImage): ImageBuild {
    const reference: GitReference = { kind: "branch", name: args.branch };
    return {
        context: image.context,
        dockerfile: image.dockerfile,
        target: image.target,
        buildArgs: { ...image.buildArgs, BASE_REGISTRY: args.baseRegistry },
        platforms: image.platforms,
        rebuildKey: args.rebuildKey,
        cacheMode: args.cacheMode,
        caches: Object.fromEntries(
            image.platforms.map((platform) => [
                platform,
                cacheTags(reference, args.defaultBranch, platform, args.cacheMode),
            ]),
        ),
        secrets: args.caCertificates === undefined ? {} : { ca: args.caCertificates },
    };
}

function buildEnvironment(
    args: ImagePipelineArgs,
    repositories: ImageRepository[],
): Record<string, pulumi.Input<string>> {
    return {
        BASE_REGISTRY: args.baseRegistry,
        CACHE_MODE: args.cacheMode,
        DEFAULT_BRANCH: args.defaultBranch,
        REPOSITORY_URL: repositories[0]!.repositoryUrl,
    };
}
