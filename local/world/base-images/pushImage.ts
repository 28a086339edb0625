import * as fs from "node:fs/promises";
import * as path from "node:path";
import { builderEnvironment, type World } from "../services";
import type { Toolchain } from "../toolchain";
import { runCommand } from "../toolchain/command";

/** Image that is built on this machine. */
export interface LocalImage {
    /** Complete references to push, such as `127.0.0.1:5000/base/golang:1.26-alpine`. */
    names: string[];
    /** Attributes of the image exporter besides the names. */
    output: string;
    /** Arguments of `docker-buildx build` for this image alone, the context last. */
    arguments: string[];
}

/** Programs, builder and login of a push. */
export interface PushOptions {
    toolchain: Pick<Toolchain, "dockerBuildx" | "busybox">;
    world: Pick<World, "builder" | "buildxConfig">;
    /** Folder with the registry's login, DOCKER_CONFIG. */
    dockerConfig: string;
    /** Signal that interrupts the build. */
    signal?: AbortSignal;
}

/**
 * Builds an image and pushes it. The named context `binaries` holds a static busybox.
 *
 * @throws CommandError when the build or the push fails; the signal's reason when aborted
 */
export async function pushImage(
    image: LocalImage,
    { toolchain, world, dockerConfig, signal }: PushOptions,
): Promise<void> {
    const binaries = path.join(dockerConfig, "binaries");
    await fs.mkdir(binaries, { recursive: true });
    await fs.copyFile(toolchain.busybox, path.join(binaries, "busybox"));
    await fs.chmod(path.join(binaries, "busybox"), 0o755);
    const args = [
        "build",
        ...["--builder", world.builder],
        ...["--build-context", `binaries=${binaries}`],
        "--provenance=false",
        ...["--progress", "plain"],
        ...["--output", `type=image,"name=${image.names.join(",")}",${image.output}`],
        ...image.arguments,
    ];
    const env = { ...builderEnvironment({ ...world, dockerConfig }), SOURCE_DATE_EPOCH: "0" };
    await runCommand(toolchain.dockerBuildx, args, { env, signal });
}
