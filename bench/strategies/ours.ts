import * as fs from "node:fs";
import * as path from "node:path";
import { writeStageFiles } from "../../infra/plan/pinned/stageFiles";
import { planImages, type PlatformBuild } from "../../infra/buildTools/plan";
import { type Filling, fillingArguments, type PinnedBuild } from "../../infra/buildTools/planPinnedStages";
import type { Command, ImageRequest, Strategy } from "./strategy";

/** Branch whose cache is the fallback of the others. */
export const defaultBranch = "main";

/** Strategy of buildspecs/image.yml, planned by the code that it runs. */
export const ours: Strategy = {
    name: "ours",
    description:
        "This project's buildspecs/image.yml. It adopts the image of a content tag, or builds it from the pinned stage `deps` with the branch's cache, then the default branch's. It builds up to four images at once.",
    buildsPlatforms: true,
    // As the program's setting of this name has it where nothing is set.
    parallelBuilds: 4,
    commands: (request) => plan({ ...request, pinnedStages: request.pinnedStages.map(({ name }) => ({ name })) }),
};

/** Strategy {@link ours} with the packages of pinned stages spread over layers. */
export const oursInLayers: Strategy = {
    ...ours,
    name: "ours, layers",
    description: 'The same as "ours", with the packages of the pinned stage spread over layers (setting `layers`).',
    commands: plan,
};

/** Plans the build of an image as CodeBuild's build tools do. */
function plan(request: ImageRequest): Command[] {
    const { repository, context, dockerfiles, buildArgs, platforms, pinnedStages, branch, folder } = request;
    const image = { name: "app", repositoryUrl: repository, context, dockerfile: dockerfiles.ours, pinnedStages };
    const { BASE_REGISTRY: baseRegistry = "", ...ownArgs } = buildArgs;
    const [planned] = planImages({
        images: [{ ...image, buildArgs: ownArgs, platforms, compression: "zstd" }],
        policy: { baseRegistry, branch, defaultBranch, cacheMode: "max" },
        source: "/",
        reference: { kind: "branch", name: branch },
    });
    const { tag, builds } = planned!;
    const reference = `${repository}:${tag}`;
    return [
        { kind: "adopt", reference },
        ...builds.flatMap((one) => buildCommands(one, path.join(folder, one.architecture))),
        ...(builds.length > 1 ? [{ kind: "index" as const, reference, images: builds.map((one) => one.pushed!) }] : []),
    ];
}

/** Lists the builds of missing pinned stages, then of the image from them. */
function buildCommands({ pinned, arguments: args }: PlatformBuild, folder: string): Command[] {
    const contexts = pinned.map(({ stage, pushed }) => `--build-context=${stage.name}=docker-image://${pushed}`);
    return [
        ...pinned.flatMap((one) => stageCommands(one, path.join(folder, one.stage.name))),
        { kind: "build", arguments: [...contexts, ...args] },
    ];
}

function stageCommands({ stage, pushed, filling, ...one }: PinnedBuild, folder: string): Command[] {
    const missing = pushed!;
    const file = `--file=${writeStageFiles(folder, stage)}`;
    const builds: Command[] = [
        { kind: "stage", missing, arguments: [file, ...one.pushing, ...one.arguments] },
        { kind: "cache", missing, arguments: [file, ...one.caching, ...one.arguments] },
    ];
    if (filling === undefined) return builds;
    return [{ kind: "fill", missing, from: fillingBuilds(filling, path.join(folder, "filling")) }, ...builds];
}

/** Makes the builds that fill cache mounts, by the image that they copy from. */
function fillingBuilds(filling: Filling, folder: string) {
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(path.join(folder, "Dockerfile"), filling.dockerfile);
    return filling.from.map((image) => ({ image, arguments: fillingArguments(filling, image, folder) }));
}
