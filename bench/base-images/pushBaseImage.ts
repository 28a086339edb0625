import * as path from "node:path";
import { builderEnvironment, type World } from "../../local/world/services";
import type { Toolchain } from "../../local/world/toolchain";
import { runCommand } from "../../local/world/toolchain/command";

/** Base image of the workloads. */
export interface BaseImage {
    /** Stage of the Dockerfile, and name below `base/`. */
    repository: "golang" | "python" | "node";
    /** Tag of the image. */
    tag: string;
    /** Absolute path of the folder with its files. */
    root: string;
}

/** Values that a push of a base image needs. */
export interface PushAccess {
    world: World;
    toolchain: Toolchain;
    /** Folder with a login of the registry, DOCKER_CONFIG. */
    dockerConfig: string;
    /** Address of the package server. */
    packages: string;
}

/** Builds a base image and pushes it to the local registry. */
export async function pushBaseImage({ repository, tag, root }: BaseImage, access: PushAccess): Promise<void> {
    const { world, toolchain, dockerConfig, packages } = access;
    const registry = `${world.registry}/base`;
    const args = [
        "build",
        `--builder=${world.builder}`,
        `--file=${path.join(__dirname, "Dockerfile")}`,
        `--target=${repository}`,
        `--build-arg=BASE_REGISTRY=${registry}`,
        `--build-arg=PACKAGES=${packages}`,
        "--provenance=false",
        `--output=type=image,name=${registry}/${repository}:${tag},push=true`,
        root,
    ];
    const env = builderEnvironment({ ...world, dockerConfig });
    await runCommand(toolchain.dockerBuildx, args, { env });
}
