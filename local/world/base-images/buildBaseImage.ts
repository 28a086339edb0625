import * as fs from "node:fs/promises";
import * as path from "node:path";
import { CommandError } from "../toolchain/command";
import type { BaseImageReference, BaseImageRepository } from "./baseImageReferences";
import { pushImage, type PushOptions } from "./pushImage";

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

/**
 * Builds a base image and pushes it under the given names.
 *
 * @param names complete references, such as `127.0.0.1:5000/base/golang:1.26-alpine`
 * @param goRoot folder of the Go installation
 * @throws one sentence with the builder's last message; the signal's reason when aborted
 */
export async function buildBaseImage(
    { repository, tag }: BaseImageReference,
    names: string[],
    goRoot: string,
    options: PushOptions,
): Promise<void> {
    const args = [
        ...["--file", buildDefinition],
        ...["--target", repository],
        // The others run on this machine only.
        ...(repository === "buildkit" ? ["--platform", "linux/amd64,linux/arm64"] : []),
        await wholeGoRoot(goRoot),
    ];
    try {
        await pushImage({ names, output: imageOutput(repository), arguments: args }, options);
    } catch (error) {
        if (!(error instanceof CommandError)) throw error;
        const sentence = `The base image ${repository}:${tag} could not be built and pushed: ${error.lastLine}`;
        throw new Error(sentence, { cause: error });
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
