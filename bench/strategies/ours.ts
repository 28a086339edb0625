import * as path from "node:path";
import { writeStageFiles } from "../../infra/image/pinned";
import { planImages, type PlatformBuild } from "../../infra/build/buildTools/plan";
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
            images: [{ ...image, buildArgs, platforms }],
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
        ...pinned.map(({ stage, pushed, arguments: common, pushing, caching }) => {
            const file = `--file=${writeStageFiles(path.join(folder, stage.name), stage)}`;
            return {
                kind: "build" as const,
                arguments: [file, ...pushing, ...common],
                caching: [file, ...caching, ...common],
                missing: pushed,
            };
        }),
        { kind: "build", arguments: [...contexts, ...args] },
    ];
}
