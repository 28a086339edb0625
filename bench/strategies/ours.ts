import { planImages } from "../../infra/build/buildTools/plan";
import type { Strategy } from "./strategy";

/** Branch whose cache the others fall back to. */
export const defaultBranch = "main";

/** What buildspecs/image.yml does, planned by the code that it runs. */
export const ours: Strategy = {
    name: "ours",
    description:
        "buildspecs/image.yml: adopted by content tag; otherwise built with its branch's cache, then the default branch's.",
    isPublished: false,
    buildsPlatforms: true,
    commands: ({ repository, context, dockerfiles, buildArgs, platforms, branch }) => {
        const image = { name: "app", repositoryUrl: repository, context, dockerfile: dockerfiles.ours };
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
            ...builds.map((one) => ({ kind: "build" as const, arguments: one.arguments })),
            ...(builds.length > 1
                ? [{ kind: "index" as const, reference, images: builds.map((one) => one.pushed!) }]
                : []),
        ];
    },
};
