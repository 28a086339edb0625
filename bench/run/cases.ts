import type { Edits } from "../workloads/workload";
import { defaultBranch } from "../strategies";

/** Build of a case. */
export interface CaseBuild {
    /** Source of the build. */
    edits: Edits;
    /** Branch of the build. @default main */
    branch?: string;
}

/** Situation in which a build is measured. */
export interface Case {
    /** Name on the command line and in the results. */
    name: string;
    /** Description of the change since the build before, for the method. */
    description: string;
    /** Builds of the case, which begin together; their hosts are empty. */
    builds: CaseBuild[];
    /** Cases that have to be built before, in their order; the first one is always built. @default none */
    after?: string[];
    /** Whether the caches, and the images without the base images, are removed from the registry first. @default false */
    losesCache?: boolean;
    /** Whether the case is built for two platforms, after a build of the first source for both. @default false */
    isMultiPlatform?: boolean;
    /** Whether `--quick` contains the case. */
    isQuick: boolean;
}

/** Cases in the order in which they are built. Each one finds the registry as the case before left it. */
export const cases: Case[] = [
    {
        name: "cold",
        description: "the first build, with nothing in the registry but base images",
        builds: [{ edits: {} }],
        isQuick: true,
    },
    {
        name: "nothing changed",
        description: "the same source once more",
        builds: [{ edits: {} }],
        isQuick: true,
    },
    {
        name: "documentation",
        description: "a line of README.md, which .dockerignore leaves out",
        builds: [{ edits: { documentation: 1 } }],
        isQuick: false,
    },
    {
        name: "code line",
        description: "one line of code",
        builds: [{ edits: { code: 1 } }],
        isQuick: true,
    },
    {
        name: "dependency",
        description: "one more dependency declared",
        builds: [{ edits: { code: 1, dependency: true } }],
        isQuick: true,
    },
    {
        name: "revert",
        description: "the dependency taken away again, after a build with it, and another line of code",
        builds: [{ edits: { code: 2 } }],
        after: ["dependency"],
        isQuick: true,
    },
    {
        name: "other branch",
        description: "one line of code on a new branch, after a build of the default branch",
        builds: [{ edits: { code: 3 }, branch: "feature" }],
        isQuick: false,
    },
    {
        name: "two branches",
        description:
            "one line of code on each of two new branches at once, one with one more dependency; until both are done",
        builds: [
            { edits: { code: 4 }, branch: "left" },
            { edits: { code: 5, dependency: true }, branch: "right" },
        ],
        isQuick: false,
    },
    {
        name: "lost cache",
        description: "one line of code after all images and caches in the registry were removed",
        builds: [{ edits: { code: 6 } }],
        losesCache: true,
        isQuick: false,
    },
    {
        name: "two platforms",
        description: "one line of code for linux/amd64 and linux/arm64, after a build for both",
        builds: [{ edits: { code: 7 } }],
        isMultiPlatform: true,
        isQuick: false,
    },
];

/** Finds the branch of a build. */
export function branchOf({ branch = defaultBranch }: CaseBuild): string {
    return branch;
}
