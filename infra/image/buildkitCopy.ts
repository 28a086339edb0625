import * as fs from "node:fs";
import * as path from "node:path";
import * as docker_build from "@pulumi/docker-build";
import * as pulumi from "@pulumi/pulumi";
import { declareInTurn } from "./buildQueue";
import { imageExport } from "../plan/compression";
import { relativeToProgram } from "./imageArgs";
import type { Platform } from "../plan/platform";
import type { RegistryCredentials } from "./registryCredentials";

/** Platforms of the copy. BuildKit checks the first one only, and an image for one platform is mostly for amd64. */
const copiedPlatforms: Platform[] = ["linux/arm64", "linux/amd64"];

/** Arguments of {@link copyBuildkit}. */
export interface BuildkitCopyArgs {
    /** Reference of the BuildKit image to copy, with its registry and a tag, a digest or both. */
    source: string;
    /** Repository that receives the copy. */
    repositoryUrl: pulumi.Output<string>;
    /** Login for that repository. */
    credentials: RegistryCredentials;
    /** Limit of builds of the program that run when this one begins, itself included. @default - as many as the engine starts */
    parallelBuilds?: number;
}

/**
 * Copies BuildKit into a repository, for both kinds of build host, so that builds in CodeBuild pull from their own registry only. The copy
 * is an image of one instruction. Its layers are those of the source, and no step runs, so nothing is emulated. A copy is made once, and
 * again for another source.
 *
 * @returns `repository@sha256:…` of the index
 */
export function copyBuildkit(
    name: string,
    { source, repositoryUrl, credentials, parallelBuilds }: BuildkitCopyArgs,
    options: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
    const copy = declareInTurn(
        parallelBuilds,
        repositoryUrl,
        (url) =>
            new docker_build.Image(
                name,
                {
                    tags: [pulumi.interpolate`${url}:${buildkitTag(source)}`],
                    context: { location: relativeToProgram(emptyContext()) },
                    dockerfile: { inline: buildkitDockerfile(source) },
                    platforms: copiedPlatforms,
                    // Zstd leaves the layers of a base image as they are.
                    exports: [{ raw: imageExport("zstd", []) }],
                    registries: [credentials],
                    push: false,
                    buildOnPreview: false,
                },
                { ...options, retainOnDelete: true },
            ),
    );
    return pulumi.interpolate`${repositoryUrl}@${copy.digest}`;
}

/** Makes an empty folder as the build context, since BuildKit looks for a .dockerignore in a context. @returns its absolute path */
function emptyContext(): string {
    const folder = path.resolve(__dirname, "../../node_modules/.cache/cached-image-pipeline/empty-context");
    fs.mkdirSync(folder, { recursive: true });
    return folder;
}

/**
 * Renders the Dockerfile of a copy. An image of one platform used for another is an error here instead of the warning
 * InvalidBaseImagePlatform. Such a copy could not start on a build host of the other platform.
 *
 * @see https://docs.docker.com/build/checks/#configure-checks
 */
export function buildkitDockerfile(source: string): string {
    return `# check=error=true\nFROM ${source}\n`;
}

/** Makes the tag of a copy: `tool-buildkit-`, then the version in the source's tag, or the beginning of its digest. */
export function buildkitTag(source: string): string {
    const [, version, digest = ""] =
        /(?::(?:v(?=\d))?([\w.-]+))?(?:@sha256:([0-9a-f]{12})[0-9a-f]*)?$/.exec(source) ?? [];
    return `tool-buildkit-${version ?? digest}`;
}
