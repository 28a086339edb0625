import * as path from "node:path";
import type { DockerfileForm } from "../workloads/workload";
import type { Command, ImageRequest, Strategy } from "./strategy";

/** `docker build`, `docker push`: every build is the first one, so no other case is measured. */
export const noCache: Strategy = {
    name: "no cache",
    description: "Plain build and push; only measured cold, since every build is the same.",
    isPublished: false,
    buildsPlatforms: true,
    commands: (request) => [build(request, "published", [push(request)])],
};

/** Seed 000: `docker pull` of the last tag, `docker build --cache-from` it, `docker push`. */
export const lastTag: Strategy = {
    name: "last tag (000)",
    description: "`docker pull` of the last image and `--cache-from` it, as it was pushed: without cache metadata.",
    isPublished: true,
    buildsPlatforms: false,
    commands: (request) => {
        if (request.lastTag === undefined) return [build(request, "published", [push(request)])];
        const last = `${request.repository}:${request.lastTag}`;
        return [
            { kind: "pull", reference: last },
            build(request, "published", [`--cache-from=type=registry,ref=${last}`, push(request)]),
        ];
    },
};

/** Seed 001: `docker pull` of latest, BUILDKIT_INLINE_CACHE=1, pushed as latest and as the commit. */
export const inlineCache: Strategy = {
    name: "inline (001)",
    description: "`docker pull` of `latest`, which carries its cache metadata, and `--cache-from` it.",
    isPublished: true,
    buildsPlatforms: false,
    commands: (request) => {
        const latest = `${request.repository}:latest`;
        const names = `"name=${latest},${request.repository}:${request.tag}"`;
        return [
            { kind: "pull", reference: latest },
            build(request, "published", [
                "--build-arg=BUILDKIT_INLINE_CACHE=1",
                `--cache-from=type=registry,ref=${latest}`,
                `--output=type=image,${names},push=true`,
            ]),
        ];
    },
};

/** Seed 002: registry cache of mode min, the image loaded into Docker and pushed from there. */
export const registryMinimum: Strategy = {
    name: "mode=min, load (002)",
    description: "Registry cache of mode min; the image is loaded into Docker and pushed by `docker push`.",
    isPublished: true,
    buildsPlatforms: false,
    commands: (request) => {
        const cache = `${request.repository}:demo-cache`;
        const caching = [
            `--cache-to=type=registry,ref=${cache},image-manifest=true`,
            `--cache-from=type=registry,ref=${cache}`,
        ];
        return [
            build(request, "published", [
                ...caching,
                `--output=type=docker,dest=${path.join(request.folder, "loaded.tar")}`,
            ]),
            build(request, "published", [push(request)]),
        ];
    },
};

/** Seed 003: registry cache of mode max, pushed from the builder. */
export const registryMaximum: Strategy = {
    name: "mode=max (003)",
    description: "Registry cache of mode max, pushed from the builder.",
    isPublished: true,
    buildsPlatforms: true,
    commands: (request) => [build(request, "published", [...maximumCache(request), push(request)])],
};

/** Seed 004: registry cache of mode max, and package directories carried through S3. */
export const carriedDirectories: Strategy = {
    name: "mode=max, S3 (004)",
    description:
        "Registry cache of mode max, and the contents of cache mounts carried through CodeBuild's cache in S3.",
    isPublished: true,
    buildsPlatforms: true,
    commands: (request) => [
        { kind: "restore", directories: request.carriedDirectories },
        build(request, "carried", [...maximumCache(request), push(request)]),
        { kind: "save", directories: request.carriedDirectories },
    ],
};

function maximumCache({ repository }: ImageRequest): string[] {
    const cache = `${repository}:cache`;
    return [
        `--cache-from=type=registry,ref=${cache}`,
        `--cache-to=mode=max,image-manifest=true,oci-mediatypes=true,type=registry,ref=${cache}`,
    ];
}

function push({ repository, tag }: ImageRequest): string {
    return `--output=type=image,name=${repository}:${tag},push=true`;
}

function build(request: ImageRequest, form: DockerfileForm, caching: string[]): Command & { kind: "build" } {
    const { dockerfiles, buildArgs, platforms, context } = request;
    return {
        kind: "build",
        arguments: [
            `--file=${dockerfiles[form]}`,
            `--platform=${platforms.join(",")}`,
            ...Object.entries(buildArgs).map(([name, value]) => `--build-arg=${name}=${value}`),
            ...caching,
            "--provenance=false",
            context,
        ],
    };
}
