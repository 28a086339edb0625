import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import type { Toolchain } from "../toolchain";
import { runCommand } from "../toolchain/command";
import { explainFault } from "../toolchain/faults";
import type { WorldLayout } from "./layout";
import { waitFor } from "../../machine/waitFor";
import type { World } from "./world";

/** Builder of buildx that builds images. */
export type Builder = Pick<World, "builder" | "buildxConfig" | "dockerConfig" | "buildkitAddress">;

/** Name of the world's own builder. */
const ownBuilder = "cached-image-pipeline";

/** Length limit of a socket's path in bytes: sockaddr_un has one more for a final zero (unix(7)). */
const longestSocketPath = 107;

/** Reads the builder that BUILDX_BUILDER names, with the environment's folders. @returns undefined when it is unset */
export function requestedBuilder(): Builder | undefined {
    const builder = process.env.BUILDX_BUILDER;
    if (!builder) return undefined;
    const dockerConfig = process.env.DOCKER_CONFIG ?? path.join(os.homedir(), ".docker");
    return { builder, dockerConfig, buildxConfig: process.env.BUILDX_CONFIG ?? path.join(dockerConfig, "buildx") };
}

/**
 * Checks that a builder of the person's own exists and answers.
 *
 * @throws one sentence when it does not
 */
export async function checkBuilder(
    builder: Builder,
    { dockerBuildx }: Pick<Toolchain, "dockerBuildx">,
    signal: AbortSignal,
): Promise<void> {
    const options = { env: builderEnvironment(builder), signal };
    await runCommand(dockerBuildx, ["inspect", "--bootstrap", builder.builder], options).catch((error: unknown) => {
        throw explainFault(`using the builder ${builder.builder} that BUILDX_BUILDER names`, error);
    });
}

/**
 * Checks that this process may run BuildKit in this folder.
 *
 * @throws one sentence when it may not
 */
export function checkBuildkitCanRun(layout: WorldLayout): void {
    const length = Buffer.byteLength(layout.buildkitSocket);
    if (length > longestSocketPath) {
        throw new Error(
            `The path of BuildKit's socket, ${layout.buildkitSocket}, has ${length} bytes and at most ${longestSocketPath} are possible; move the repository to a shorter path.`,
        );
    }
    const user = process.getuid?.();
    if (user !== 0) {
        throw new Error(
            `BuildKit needs root and this is user ${user}; run the command as root, or name a buildx builder of your own in BUILDX_BUILDER.`,
        );
    }
}

/** Describes the world's own builder: BuildKit on the world's socket. */
export function worldBuilder(layout: WorldLayout): Required<Builder> {
    return {
        builder: ownBuilder,
        buildxConfig: layout.buildxConfig,
        dockerConfig: layout.dockerConfig,
        buildkitAddress: `unix://${layout.buildkitSocket}`,
    };
}

/** Registers the world's own builder with buildx, unless it is registered with this address already. */
export async function registerBuilder(
    builder: Required<Builder>,
    { dockerBuildx }: Pick<Toolchain, "dockerBuildx">,
    signal: AbortSignal,
): Promise<void> {
    const instance = path.join(builder.buildxConfig, "instances", builder.builder);
    const registered = await fs.readFile(instance, "utf8").catch(() => "");
    if (registered.includes(JSON.stringify(builder.buildkitAddress))) return;
    // Also clears what a half-written registration would make buildx stumble over.
    await fs.rm(builder.buildxConfig, { recursive: true, force: true });
    const create = ["create", "--name", builder.builder, "--driver", "remote", builder.buildkitAddress];
    await runCommand(dockerBuildx, create, { env: builderEnvironment(builder), signal }).catch((error: unknown) => {
        throw explainFault("registering the buildx builder", error);
    });
}

/** Time (milliseconds) for which BuildKit may hold data of an ended build. */
const releaseDeadline = 2_000;

/**
 * Removes all data of a builder, so that the next build begins as on a fresh host. BuildKit spares data of running builds, and of ended
 * ones for a moment, so the rest is checked.
 *
 * @throws Error when BuildKit keeps holding data, as BuildKit 0.34 does after some failed pushes
 */
export async function emptyBuilder(
    builder: Builder,
    { dockerBuildx }: Pick<Toolchain, "dockerBuildx">,
    signal?: AbortSignal,
): Promise<void> {
    const ask = (...args: string[]) =>
        runCommand(dockerBuildx, ["--builder", builder.builder, ...args], { env: builderEnvironment(builder), signal });
    let left = "";
    const prune = async () => {
        await ask("prune", "--all", "--force");
        left = (await ask("du", "--format={{.ID}} {{.Description}}")).trim();
        return left === "" ? true : undefined;
    };
    if (await waitFor(prune, releaseDeadline, signal)) return;
    throw new Error(`BuildKit still holds this after ${releaseDeadline / 1000} s without a build: ${left}.`);
}

/**
 * Variables that keep buildx, and providers that embed it, from asking git about a build context: git runs programs that the context's
 * files may name.
 *
 * @see https://docs.docker.com/build/building/variables/#build-tool-configuration-variables
 */
export const withoutGit = { BUILDX_GIT_INFO: "0", BUILDX_GIT_LABELS: "0" };

/** Makes the environment in which docker-buildx knows a world's builder. */
export function builderEnvironment({
    buildxConfig,
    dockerConfig,
}: Pick<Builder, "buildxConfig" | "dockerConfig">): NodeJS.ProcessEnv {
    return { ...process.env, ...withoutGit, BUILDX_CONFIG: buildxConfig, DOCKER_CONFIG: dockerConfig };
}
