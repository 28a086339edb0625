import * as fs from "node:fs/promises";
import * as path from "node:path";
import { writeRegistryLogin } from "../../local/world/base-images/registry";
import { worldDirectory } from "../../local/paths";
import { builderEnvironment } from "../../local/world/services";
import { runCommand } from "../../local/world/toolchain/command";
import { awsClients, type EngineWorld } from "../support/engineWorld";

/** Arguments that fix all times that BuildKit writes into an image, so that two builds of one source can be compared by digest. */
const buildArgs = { SOURCE_DATE_EPOCH: "0" };

/** Makes the setting of an image whose builds give the same digest, with and without cache. */
export function faultyImage(context: string) {
    return { name: "app", context, buildArgs };
}

/**
 * Makes a context whose image has the result of a step that the cache keeps, and a file that tests change. Both have fixed times, since the
 * times of a context's files are part of an image.
 */
export function faultyFiles(file: string): Record<string, string> {
    const dockerfile = [
        "ARG BASE_REGISTRY",
        "FROM ${BASE_REGISTRY}/busybox:1.37-musl AS dependencies",
        "COPY input /input",
        "RUN sha256sum /input > /dependencies && touch -d @0 /dependencies",
        "FROM ${BASE_REGISTRY}/busybox:1.37-musl AS code",
        "COPY file /source",
        "RUN cp /source /code && touch -d @0 /code",
        "FROM scratch",
        "COPY --link --from=dependencies /dependencies /dependencies",
        "COPY --link --from=code /code /code",
        "",
    ];
    return { Dockerfile: dockerfile.join("\n"), input: "input", file };
}

/** Builds a context of {@link faultyFiles} without any cache and without a push; returns the digest. */
export async function uncachedDigest(engine: EngineWorld, context: string): Promise<string> {
    const { toolchain, world } = engine;
    const folder = await fs.mkdtemp(path.join(worldDirectory(), "uncached-"));
    try {
        await writeRegistryLogin(awsClients(engine).ecr, world.registry, folder);
        const metadata = path.join(folder, "metadata.json");
        const argumentsOfBuild = { ...buildArgs, BASE_REGISTRY: `${world.registry}/base` };
        await runCommand(
            toolchain.dockerBuildx,
            [
                "--builder",
                world.builder,
                "build",
                "--no-cache",
                "--provenance=false",
                ...Object.entries(argumentsOfBuild).map(([name, value]) => `--build-arg=${name}=${value}`),
                `--metadata-file=${metadata}`,
                `--output=type=oci,dest=${path.join(folder, "image.tar")},compression=zstd`,
                path.join(worldDirectory(), "contexts", context),
            ],
            { env: { ...builderEnvironment(world), DOCKER_CONFIG: folder } },
        );
        const { "containerimage.digest": digest } = JSON.parse(await fs.readFile(metadata, "utf8")) as {
            "containerimage.digest": string;
        };
        return digest;
    } finally {
        await fs.rm(folder, { recursive: true });
    }
}
