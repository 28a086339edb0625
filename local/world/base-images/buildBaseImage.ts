import * as fs from "node:fs/promises";
import * as path from "node:path";
import { builderEnvironment } from "../services";
import { CommandError, runCommand } from "../toolchain/command";
import type { BaseImageReference, BaseImageRepository } from "./baseImageReferences";

/** Path of the Dockerfile with one stage for each base image. */
export const buildDefinition = path.join(__dirname, "Dockerfile");

/**
 * Renders the exporter attributes besides the name. Fixed times make the digest a function of the content. zstd compresses the Go
 * installation in a fifth of gzip's time. The bases of running images are gzip, the only compression that Docker before 23 unpacks.
 */
export function imageOutput(repository: BaseImageRepository): string {
    const compression = repository === "golang" ? "zstd" : "gzip";
    return `push=true,oci-mediatypes=true,rewrite-timestamp=true,compression=${compression}`;
}

/** Settings of the build and push of one base image. */
export interface BaseImageBuild {
    /** Path of docker-buildx's executable. */
    dockerBuildx: string;
    /** Name of the buildx builder. */
    builder: string;
    /** Folder that knows the builder, BUILDX_CONFIG. */
    buildxConfig: string;
    /** Folder with the registry's credentials, DOCKER_CONFIG. */
    dockerConfig: string;
    /** Folder of the Go installation. */
    goRoot: string;
    /** Folder that holds the static busybox as `busybox`. */
    binaries: string;
    /** Signal that interrupts the build. */
    signal?: AbortSignal;
}

/**
 * Builds a base image and pushes it under the given names.
 *
 * @param names complete references, such as `127.0.0.1:5000/base/golang:1.26-alpine`
 * @throws one sentence with the builder's last message; the signal's reason when aborted
 */
export async function buildBaseImage(image: BaseImageReference, names: string[], build: BaseImageBuild): Promise<void> {
    const args = [
        "build",
        ...["--builder", build.builder],
        ...["--file", buildDefinition],
        ...["--target", image.repository],
        // The others run on this machine only.
        ...(image.repository === "buildkit" ? ["--platform", "linux/amd64,linux/arm64"] : []),
        ...["--build-context", `binaries=${build.binaries}`],
        "--provenance=false",
        ...["--progress", "plain"],
        ...["--output", `type=image,"name=${names.join(",")}",${imageOutput(image.repository)}`],
        await wholeGoRoot(build.goRoot),
    ];
    const env = { ...builderEnvironment(build), SOURCE_DATE_EPOCH: "0" };
    try {
        await runCommand(build.dockerBuildx, args, { env, signal: build.signal });
    } catch (error) {
        if (!(error instanceof CommandError)) throw error;
        const name = `${image.repository}:${image.tag}`;
        throw new Error(`The base image ${name} could not be built and pushed: ${error.lastLine}`, { cause: error });
    }
}

/** Copies a GOROOT that a distribution's package spreads over the system with links, which a build context cannot follow. */
async function wholeGoRoot(goRoot: string): Promise<string> {
    const [root, sources] = await Promise.all([fs.realpath(goRoot), fs.realpath(path.join(goRoot, "src"))]);
    if (sources !== path.join(root, "src")) {
        throw new Error(
            `GOROOT ${root} has its sources outside of itself, in ${sources}; install Go from https://go.dev/dl/ instead.`,
        );
    }
    return root;
}
