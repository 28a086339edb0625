import * as path from "node:path";
import type { DockerfileForm } from "../workloads/workload";
import type { Command, ImageRequest, Strategy } from "./strategy";
import { writeUps } from "./writeUps";

/** Strategy of `docker build` and `docker push`: every build is a first one, so only the cold case is measured. */
export const noCache: Strategy = {
    name: "no cache",
    description: "Plain build and push. It is measured cold only, since every build does the same.",
    buildsPlatforms: true,
    commands: (request) => [build(request, "published", [push(request)])],
};

/** Strategy of `docker pull` of the last tag, `docker build --cache-from` that image, `docker push`. */
export const lastTag: Strategy = {
    name: "last tag",
    description: "`docker pull` of the last image, which has no cache metadata, then `--cache-from` that image.",
    writeUp: writeUps.lastTag,
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

/** Strategy of `docker pull` of latest, BUILDKIT_INLINE_CACHE=1, and a push as latest and as the commit. */
export const inlineCache: Strategy = {
    name: "inline cache",
    description: "`docker pull` of `latest`, which holds its cache metadata, then `--cache-from` that image.",
    writeUp: writeUps.inlineCache,
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

/** Strategy with a registry cache of mode min; the image is loaded into Docker and pushed from there. */
export const registryMinimum: Strategy = {
    name: "mode=min",
    description: "Registry cache of mode min. Docker loads the image, and `docker push` pushes it.",
    writeUp: writeUps.registryMinimum,
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

/** Strategy with a registry cache of mode max; the builder pushes the image. */
export const registryMaximum: Strategy = {
    name: "mode=max",
    description: "Registry cache of mode max. The builder pushes the image.",
    writeUp: writeUps.registryMaximum,
    buildsPlatforms: true,
    commands: (request) => [build(request, "published", [...maximumCache(request), push(request)])],
};

/** Strategy with a registry cache of mode max, and folders of packages that CodeBuild carries through S3. */
export const carriedDirectories: Strategy = {
    name: "mode=max and S3",
    description: "Registry cache of mode max. CodeBuild's cache in S3 carries the contents of cache mounts.",
    writeUp: writeUps.carriedDirectories,
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
