import * as docker_build from "@pulumi/docker-build";
import * as pulumi from "@pulumi/pulumi";
import type { CacheMode, ImageCacheTags } from "../plan/cachePolicy";
import type { Compression } from "../plan/compression";
import { contentTag, type ImageSource } from "../plan/contentTag";
import { declareImage } from "./declareImage";
import { declareProof } from "./declareProof";
import { warnOfFindings } from "./dockerfileWarning";
import { createPinnedStages } from "./pinnedImages";
import { relativeToProgram } from "./imageArgs";
import { architecture, type Platform, platformTag } from "../plan/platform";
import type { RegistryCredentials } from "./registryCredentials";
import { bareRepository } from "../plan/sourceFolders";

/** What an image is built from. */
export interface ImageBuild {
    /** Absolute path of the build context. */
    context: string;
    /** Absolute path of the Dockerfile. */
    dockerfile: string;
    /** Stage to build. @default - the last one */
    target?: string;
    /** Build arguments; they are visible in the image and in the state, so they hold no secrets. @default - none */
    buildArgs?: Record<string, string>;
    /** Platforms; more than one are joined by an index. */
    platforms: Platform[];
    /** Moved by hand to pick up a changed base image. @default - none */
    rebuildKey?: string;
    /** How much the caches keep. */
    cacheMode: CacheMode;
    /** How layers are compressed: `gzip` for AWS Lambda and for Docker before 23, `zstd` for all others. */
    compression: Compression;
    /** The caches that each platform reads and writes, by platform. @default - none */
    caches?: Record<string, ImageCacheTags>;
    /**
     * Stages whose results are kept in the registry as images, under a hash of what can change them: a code change reads and
     * writes nothing of them. Names in lower case.
     *
     * @default - none
     */
    pinnedStages?: string[];
    /** Values of `RUN --mount=type=secret`, by id. A changed value alone rebuilds nothing. @default - none */
    secrets?: Record<string, pulumi.Input<string>>;
    /** The source's {@link contentTag}, where somebody computed it already. @default - computed from the files */
    contentTag?: string;
    /** Builds of the program that may be under way at once when one of these begins, itself included. @default - as many as the engine starts */
    parallelBuilds?: number;
}

/** Arguments of {@link AppImage}: either `build` or `digest`. */
export interface AppImageArgs {
    /** Repository that holds the image and its cache. */
    repositoryUrl: pulumi.Input<string>;
    /** Login for that repository. @default - none; needed to build */
    credentials?: RegistryCredentials;
    /** Bucket of the proofs by which builds of CodeBuild adopt what is built here. @default - none are written */
    bucketName?: pulumi.Input<string>;
    /** Build the image here. @default - not built */
    build?: ImageBuild;
    /** Take this image, promoted from another environment: `sha256:` and 64 hexadecimal digits. @default - built */
    digest?: pulumi.Input<string>;
}

/**
 * An application's image, named by digest. An environment that builds declares it as one docker-build Image for each platform;
 * one that receives promoted images only names a digest and declares no build.
 *
 * @throws pulumi.InputPropertyError unless exactly one of `build` and `digest` is given, and for a context that git takes for a
 * repository of its own
 */
export class AppImage extends pulumi.ComponentResource {
    /** `repository@sha256:…`, the name to deploy. */
    readonly imageUri: pulumi.Output<string>;
    /** `sha256:…` of the manifest, or of the index when there are several platforms. */
    readonly imageDigest: pulumi.Output<string>;
    /** `src-<hash>`; undefined for an image that is only named by digest. */
    readonly imageTag: pulumi.Output<string | undefined>;
    /** Cache that this image's first platform writes. @default - undefined when it writes none */
    readonly cacheReference: pulumi.Output<string | undefined>;

    constructor(name: string, args: AppImageArgs, opts?: pulumi.ComponentResourceOptions) {
        super("cached-image-pipeline:index:AppImage", name, {}, opts);

        if (args.build !== undefined) {
            refuseRepository(args.build.context);
            warnOfFindings(this, args.build);
        }
        const repositoryUrl = pulumi.output(args.repositoryUrl);
        const tag = args.build && (args.build.contentTag ?? contentTag(imageSource(args.build)));
        this.imageDigest = this.digest(name, args, repositoryUrl, tag);
        this.imageUri = pulumi.interpolate`${repositoryUrl}@${this.imageDigest}`;
        this.imageTag = pulumi.output(tag);
        this.cacheReference = writtenCache(args.build, repositoryUrl);
        this.registerOutputs({
            imageUri: this.imageUri,
            imageDigest: this.imageDigest,
            imageTag: this.imageTag,
            cacheReference: this.cacheReference,
        });
    }

    private digest(
        name: string,
        { build, credentials, bucketName, digest }: AppImageArgs,
        repositoryUrl: pulumi.Output<string>,
        tag: string | undefined,
    ): pulumi.Output<string> {
        if (build === undefined || tag === undefined) {
            if (digest !== undefined) return pulumi.output(digest);
            throw missing("build", "give either `build` or `digest`");
        }
        if (digest !== undefined) throw missing("digest", "give either `build` or `digest`, not both");
        if (credentials === undefined) throw missing("credentials", "a login is needed to push the image");

        const images = build.platforms.map((platform) => {
            const target = { repositoryUrl, credentials, bucketName, build, platform };
            const named = createPinnedStages(name, target, { parent: this });
            return declareImage(
                `${name}-image-${architecture(platform)}`,
                target,
                {
                    tag: platformTag(tag, build.platforms, platform),
                    dockerfile: build.dockerfile,
                    target: build.target,
                    buildArgs: build.buildArgs ?? {},
                    caches: writtenTo(build.caches?.[platform]),
                    named,
                },
                { parent: this, retainOnDelete: true },
            );
        });
        const [first] = images;
        if (first === undefined) throw missing("build.platforms", "name at least one platform");
        if (images.length === 1) return first.digest;

        const index = new docker_build.Index(
            `${name}-index`,
            {
                sources: images.map((image) => image.ref),
                tag: pulumi.interpolate`${repositoryUrl}:${tag}`,
                push: true,
                registry: credentials,
            },
            { parent: this, retainOnDelete: true },
        );
        const indexDigest = index.ref.apply(digestOf);
        declareProof(`${name}-index-proof`, { bucketName, repositoryUrl, tag, digest: indexDigest }, { parent: this });
        return indexDigest;
    }
}

/** What the content tag of an image is computed from. */
export function imageSource(build: ImageBuild): ImageSource {
    return { ...build, buildArgs: build.buildArgs ?? {}, rebuildKey: build.rebuildKey ?? "" };
}

function writtenTo({ from, to }: ImageCacheTags = { from: [] }): { from: string[]; to: string[] } {
    return { from, to: to === undefined ? [] : [to] };
}

function writtenCache(
    build: ImageBuild | undefined,
    repositoryUrl: pulumi.Output<string>,
): pulumi.Output<string | undefined> {
    const [platform] = build?.platforms ?? [];
    const tag = platform && build?.caches?.[platform]?.to;
    return tag === undefined ? pulumi.output(undefined) : pulumi.interpolate`${repositoryUrl}:${tag}`;
}

/** The digest in an index's `repository:tag@sha256:…`. */
function digestOf(reference: string): string {
    return reference.slice(reference.lastIndexOf("@") + 1);
}

/** The provider's process asks git about a context, unless `BUILDX_GIT_INFO=0` is set where `pulumi` is started. */
function refuseRepository(context: string): void {
    if (bareRepository(context) === undefined) return;
    const reason = `it is ${relativeToProgram(context)}; allowed: a folder that is no Git repository of its own, as HEAD and objects make it one`;
    throw new pulumi.InputPropertyError({ propertyPath: "build.context", reason });
}

function missing(propertyPath: string, reason: string): pulumi.InputPropertyError {
    return new pulumi.InputPropertyError({ propertyPath, reason });
}
