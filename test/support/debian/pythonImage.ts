import * as fs from "node:fs/promises";
import * as path from "node:path";
import { worldDirectory } from "../../../local/paths";
import { ensureRepository, withEcr, withRegistryLogin } from "../../../local/world/base-images/registry";
import { builderEnvironment } from "../../../local/world/services";
import { runCommand } from "../../../local/world/toolchain/command";
import type { EngineWorld } from "../engineWorld";

/** Sources of {@link pushDebianPython}. */
export interface PythonSources {
    /** Absolute path of the folder with the packages of the system. */
    system: string;
    /** Address of the server of Debian packages. */
    site: string;
    /** Address of the server of Python packages. */
    index: string;
}

/**
 * Makes the base image `python:<tag>` of Debian packages, Debian's Python included.
 *
 * @param tag version of Python and release, such as `3.13-slim-trixie`, as they are in the packages
 */
export async function pushDebianPython(
    { world, toolchain }: EngineWorld,
    tag: string,
    { system, site, index }: PythonSources,
): Promise<void> {
    const root = path.join(worldDirectory(), "debian-root");
    for (const name of await fs.readdir(system)) {
        await runCommand("dpkg-deb", ["--extract", path.join(system, name), root]);
    }
    const args = [
        "build",
        `--builder=${world.builder}`,
        `--file=${path.join(__dirname, "Dockerfile")}`,
        `--build-context=packages=${system}`,
        `--build-arg=SITE=${site}`,
        `--build-arg=INDEX=${index}`,
        "--provenance=false",
        `--output=type=image,name=${world.registry}/base/python:${tag},push=true`,
        root,
    ];
    await withEcr(world, async (ecr) => {
        await ensureRepository(ecr, "base/python");
        await withRegistryLogin(ecr, world, (dockerConfig) =>
            runCommand(toolchain.dockerBuildx, args, { env: builderEnvironment({ ...world, dockerConfig }) }),
        );
    });
    await fs.rm(root, { recursive: true });
}
