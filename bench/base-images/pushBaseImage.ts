import * as path from "node:path";
import { builderEnvironment, type World } from "../../local/world/services";
import type { Toolchain } from "../../local/world/toolchain";
import { runCommand } from "../../local/world/toolchain/command";

/** A base image of the workloads. */
export interface BaseImage {
    /** Stage of the Dockerfile, and name below `base/`. */
    repository: "golang" | "python" | "node";
    /** Its tag. */
    tag: string;
    /** Folder with its files (absolute). */
    root: string;
}

/** What a base image is pushed with. */
export interface PushAccess {
    world: World;
    toolchain: Toolchain;
    /** DOCKER_CONFIG with a login of the registry. */
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
