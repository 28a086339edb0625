import * as fs from "node:fs";
import * as path from "node:path";
import { writeStageFiles } from "../../infra/image/pinned";
import { planImages, type PlatformBuild } from "../../infra/build/buildTools/plan";
import { type Filling, fillingContext } from "../../infra/build/buildTools/planPinnedStages";
import type { Command, Strategy } from "./strategy";

/** Branch whose cache the others fall back to. */
export const defaultBranch = "main";

/** What buildspecs/image.yml does, planned by the code that it runs. */
export const ours: Strategy = {
    name: "ours",
    description:
        "buildspecs/image.yml: adopted by content tag; otherwise built from its pinned stage `deps`, with its branch's cache, then the default branch's.",
    isPublished: false,
    buildsPlatforms: true,
    commands: ({ repository, context, dockerfiles, buildArgs, platforms, pinnedStages, branch, loadedImage }) => {
        const image = { name: "app", repositoryUrl: repository, context, dockerfile: dockerfiles.ours, pinnedStages };
        const [plan] = planImages({
            images: [{ ...image, buildArgs, platforms, compression: "zstd" }],
            source: "/",
            reference: { kind: "branch", name: branch },
            defaultBranch,
            cacheMode: "max",
            rebuildKey: "",
        });
        const { tag, builds } = plan!;
        const reference = `${repository}:${tag}`;
        return [
            { kind: "adopt", reference },
            ...builds.flatMap((one) => buildCommands(one, path.join(path.dirname(loadedImage), one.architecture))),
            ...(builds.length > 1
                ? [{ kind: "index" as const, reference, images: builds.map((one) => one.pushed!) }]
                : []),
        ];
    },
};

/** Its pinned stages where they are missing, then the image from them. */
function buildCommands({ pinned, arguments: args }: PlatformBuild, folder: string): Command[] {
    const contexts = pinned.map(({ stage, pushed }) => `--build-context=${stage.name}=docker-image://${pushed}`);
    return [
        ...pinned.flatMap(({ stage, pushed, arguments: common, pushing, caching, filling }): Command[] => {
            const stageFolder = path.join(folder, stage.name);
            const file = `--file=${writeStageFiles(stageFolder, stage)}`;
            return [
                ...(filling === undefined ? [] : [fillCommand(filling, pushed!, path.join(stageFolder, "filling"))]),
                {
                    kind: "build",
                    arguments: [file, ...pushing, ...common],
                    caching: [file, ...caching, ...common],
                    missing: pushed,
                },
            ];
        }),
        { kind: "build", arguments: [...contexts, ...args] },
    ];
}

/** Fills cache mounts of a pinned stage that is missing from the image that it was last kept as. */
function fillCommand({ from, dockerfile, arguments: args }: Filling, missing: string, folder: string): Command {
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(path.join(folder, "Dockerfile"), dockerfile);
    return {
        kind: "fill",
        missing,
        from: from.map((image) => ({ image, arguments: [fillingContext(image), ...args, folder] })),
    };
}
