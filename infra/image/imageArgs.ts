import * as path from "node:path";
import type * as docker_build from "@pulumi/docker-build";
import * as pulumi from "@pulumi/pulumi";
import { type BuildInput, cachesOf, sourceOf } from "../plan/buildInput";
import type { ImageCacheTags, StageCaches } from "../plan/cachePolicy";
import { cacheExport, imageExport } from "../plan/compression";
import type { Platform } from "../plan/platform";
import type { ImageBuild } from "./imageBuild";
import type { RegistryCredentials } from "./registryCredentials";

/** Values that all Images of one platform share. */
export interface PlatformTarget {
    /** Repository that holds image and caches. */
    repositoryUrl: pulumi.Output<string>;
    /** Login for that repository. */
    credentials: RegistryCredentials;
    /** Bucket of the proofs. @default - none are written */
    bucketName?: pulumi.Input<string>;
    build: ImageBuild;
    platform: Platform;
}

/** Build for a platform: the image, or one of its stages. */
export interface StageBuild {
    /** Tag that is pushed. */
    tag: string;
    /** Absolute path of the Dockerfile. */
    dockerfile: string;
    /** Stage to build. @default - the last one */
    target?: string;
    buildArgs: Record<string, string>;
    /** Tags of the caches. */
    caches: StageCaches;
    /** Images that take the place of stages, by name: `repository@sha256:…`. @default - none */
    named?: Record<string, pulumi.Input<string>>;
}

/**
 * Makes the inputs of one platform's Image.
 *
 * - `tags` is an array of outputs and not an output of an array: docker-build's check would refuse an unknown array in the
 *   first preview (pulumi-docker-build #251).
 * - Exports are texts as CodeBuild's are: docker-build drops a `compression` without a level, and `push: true` takes none. The
 *   pushed names are the tags.
 * - Paths are relative to the program, so that the state is the same wherever the repository was cloned to.
 */
export function imageArgs(
    { repositoryUrl, credentials, build, platform }: PlatformTarget,
    { tag, dockerfile, target, buildArgs, caches, named = {} }: StageBuild,
): docker_build.ImageArgs {
    const reference = (cacheTag: string) => pulumi.interpolate`${repositoryUrl}:${cacheTag}`;
    const { spec } = build;
    const secretNames = Object.keys(build.secrets ?? {}).sort();
    return {
        tags: [reference(tag)],
        context: {
            location: relativeToProgram(sourceOf(build).context),
            ...(Object.keys(named).length === 0 ? {} : { named: namedContexts(named) }),
        },
        dockerfile: { location: relativeToProgram(dockerfile) },
        platforms: [platform],
        ...(target === undefined ? {} : { target }),
        buildArgs,
        ...(secretNames.length === 0 ? {} : { secrets: build.secrets, ignoreSecretsInDiffCalculation: secretNames }),
        cacheFrom: caches.from.map((cacheTag) => ({ registry: { ref: reference(cacheTag) } })),
        cacheTo: caches.to.map((cacheTag) => ({
            raw: reference(cacheTag).apply((ref) => cacheExport(ref, caches.mode, spec.compression)),
        })),
        exports: [{ raw: imageExport(spec.compression, []) }],
        registries: [credentials],
        push: false,
        buildOnPreview: false,
    };
}

function namedContexts(
    images: Record<string, pulumi.Input<string>>,
): Record<string, { location: pulumi.Output<string> }> {
    return Object.fromEntries(
        Object.entries(images).map(([name, image]) => [
            name,
            { location: pulumi.interpolate`docker-image://${image}` },
        ]),
    );
}

/** Makes a path relative to the program's folder. */
export function relativeToProgram(location: string): string {
    return path.relative(process.cwd(), location) || ".";
}

/** Finds the caches that `pulumi up` reads and writes: those of the policy's branch. */
export function cachesHere(input: Pick<BuildInput, "spec" | "policy">, platform: Platform): ImageCacheTags {
    return cachesOf(input, { kind: "branch", name: input.policy.branch }, platform);
}
