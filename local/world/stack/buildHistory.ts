import { builderEnvironment, type World } from "../services";
import type { Toolchain } from "../toolchain";
import { runCommand } from "../toolchain/command";
import { explainFault } from "../toolchain/faults";
import { type BuildRecord, buildsSince, type ListedBuild, readBuildRecord } from "./buildRecord";

/** Place of the history, and the program that reads it. */
export interface HistoryReader {
    world: Pick<World, "builder" | "buildxConfig" | "dockerConfig">;
    toolchain: Pick<Toolchain, "dockerBuildx">;
}

/** Query for builds. */
export interface BuildQuery {
    /** Earliest start of the builds, in milliseconds since 1970. */
    since: number;
    /** Repositories that the builds pushed to, such as `127.0.0.1:5000/shop`. */
    repositories: string[];
    /** Least number of builds, to whatever repository. With 0 nothing is read. */
    number: number;
}

/** Successful build, as BuildKit recorded it. */
export interface RecordedBuild extends ListedBuild, BuildRecord {
    /** Repository of the query that the build pushed to. */
    repository: string;
}

/**
 * Reads builds from BuildKit's history. Other users may build at the same time; their builds push elsewhere. Times are comparable, since
 * registry and BuildKit run on this machine.
 *
 * @throws one sentence when the history cannot be read or has too few builds; the signal's reason when aborted
 * @see https://docs.docker.com/reference/cli/docker/buildx/history/
 */
export async function readBuilds(
    { since, repositories, number }: BuildQuery,
    reader: HistoryReader,
    signal?: AbortSignal,
): Promise<RecordedBuild[]> {
    if (number === 0) return [];
    const builds = await readAllBuilds(since, reader, signal);
    if (builds.length < number) {
        throw new Error(
            `The update is done, but the history of the builder ${reader.world.builder} shows only ${builds.length} of its ${number} builds, so their steps cannot be counted; it has to keep a history, follow this machine's clock, and lists at most 50 builds.`,
        );
    }
    return builds.flatMap((build) =>
        repositories
            .filter((repository) => build.pushed.some((reference) => isImageOf(repository, reference)))
            .map((repository) => ({ ...build, repository })),
    );
}

/** Tells whether a reference names an image of the repository's application; `tool-*` are copies of tools. */
function isImageOf(repository: string, reference: string): boolean {
    return reference.startsWith(`${repository}:`) && !reference.startsWith(`${repository}:tool-`);
}

async function readAllBuilds(
    since: number,
    { world, toolchain }: HistoryReader,
    signal: AbortSignal | undefined,
): Promise<(ListedBuild & BuildRecord)[]> {
    const env = builderEnvironment(world);
    const history = ["--builder", world.builder, "history"];
    try {
        const command = [...history, "ls", "--format", "json"];
        const listed = buildsSince(await runCommand(toolchain.dockerBuildx, command, { env, signal }), since);
        const builds = [];
        for (const build of listed) {
            const command = [...history, "logs", build.id, "--progress", "rawjson"];
            const log = await runCommand(toolchain.dockerBuildx, command, { env, signal, result: "stderr" });
            builds.push({ ...build, ...readBuildRecord(log) });
        }
        return builds;
    } catch (error) {
        throw explainFault("reading BuildKit's build history", error);
    }
}
