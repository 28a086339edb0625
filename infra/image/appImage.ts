import * as docker_build from "@pulumi/docker-build";
import * as pulumi from "@pulumi/pulumi";
import { sourceOf } from "../plan/buildInput";
import type { ImageCacheTags } from "../plan/cachePolicy";
import { contentTag } from "../plan/contentTag";
import type { ImageBuild } from "./imageBuild";
import { declareImage } from "./declareImage";
import { declareProof } from "./declareProof";
import { warnOfFindings } from "./dockerfileWarning";
import { createPinnedStages } from "./pinnedImages";
import { cachesHere, relativeToProgram } from "./imageArgs";
import { architecture, platformTag } from "../plan/platform";
import type { RegistryCredentials } from "./registryCredentials";
import { bareRepository } from "../plan/sourceFolders";

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
            const { context, dockerfile, target } = sourceOf(args.build);
            refuseRepository(context);
            const { pinnedStages = [] } = args.build.spec;
            const layeredStages = pinnedStages.flatMap((one) => (one.layers === undefined ? [] : [one.name]));
            warnOfFindings(this, { context, dockerfile, target, layeredStages });
        }
        const repositoryUrl = pulumi.output(args.repositoryUrl);
        const tag = args.build && (args.build.contentTag ?? contentTag(sourceOf(args.build)));
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

        const { platforms, target: stage } = build.spec;
        const { dockerfile, buildArgs } = sourceOf(build);
        const images = platforms.map((platform) => {
            const target = { repositoryUrl, credentials, bucketName, build, platform };
            const named = createPinnedStages(name, target, { parent: this });
            return declareImage(
                `${name}-image-${architecture(platform)}`,
                target,
                {
                    tag: platformTag(tag, platforms, platform),
                    dockerfile,
                    target: stage,
                    buildArgs,
                    caches: { ...writtenTo(cachesHere(build, platform)), mode: build.policy.cacheMode },
                    named,
                },
                { parent: this, retainOnDelete: true },
            );
        });
        const [first] = images;
        if (first === undefined) throw missing("build.spec.platforms", "name at least one platform");
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

function writtenTo({ from, to }: ImageCacheTags): { from: string[]; to: string[] } {
    return { from, to: to === undefined ? [] : [to] };
}

function writtenCache(
    build: ImageBuild | undefined,
    repositoryUrl: pulumi.Output<string>,
): pulumi.Output<string | undefined> {
    const [platform] = build?.spec.platforms ?? [];
    const tag = build && platform && cachesHere(build, platform).to;
    return tag === undefined ? pulumi.output(undefined) : pulumi.interpolate`${repositoryUrl}:${tag}`;
}

/** Cuts the digest out of an index's `repository:tag@sha256:…`. */
function digestOf(reference: string): string {
    return reference.slice(reference.lastIndexOf("@") + 1);
}

/** Refuses a repository of its own: the provider's process asks git about a context, unless BUILDX_GIT_INFO=0 is set for `pulumi`. */
function refuseRepository(context: string): void {
    if (bareRepository(context) === undefined) return;
    const reason = `it is ${relativeToProgram(context)}; allowed: a folder that is no Git repository of its own, as HEAD and objects make it one`;
    throw new pulumi.InputPropertyError({ propertyPath: "build.spec.context", reason });
}

function missing(propertyPath: string, reason: string): pulumi.InputPropertyError {
    return new pulumi.InputPropertyError({ propertyPath, reason });
}
