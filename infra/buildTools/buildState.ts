import * as fs from "node:fs";
import * as path from "node:path";
import type { BatchGetImageAnswer } from "./foundImage";
import type { ImagePlan } from "./plan";
import type { ProgressSummary } from "./progress";
import type { Digests } from "./proofs";
import type { Mark } from "./results";

/** Result of one build by BuildKit. */
export interface BuiltImage {
    summary: ProgressSummary;
    /** `sha256:…`. @default - nothing was exported */
    digest?: string;
}

/** One image: its plan, the repository's answer, and the results of this build. */
export interface ImageState {
    plan: ImagePlan;
    /** The repository's answer to the lookup of the plan's tags. */
    answer: BatchGetImageAnswer;
    /** Digests that this project built: the image, its platforms, its pinned stages, and the images that seed their mounts. */
    digests: Digests;
    /** Results of builds: platforms by their architecture, pinned stages by {@link stageKey}. */
    built: Record<string, BuiltImage>;
}

/** State that the commands of one build pass to each other, as a JSON file in the work folder. */
export interface BuildState {
    images: ImageState[];
    /** Limit of stages, tests and images built at the same time. */
    parallelBuilds: number;
    /** Start times of the phases. */
    marks: Mark[];
}

/** Reads the state of a build. @param folder the work folder */
export function readState(folder: string): BuildState {
    return JSON.parse(fs.readFileSync(path.join(folder, stateFile), "utf8")) as BuildState;
}

/** Writes the state of a build. @param folder the work folder */
export function writeState(folder: string, state: BuildState): void {
    fs.writeFileSync(path.join(folder, stateFile), JSON.stringify(state));
}

/** Names the result of a pinned stage of one platform. */
export function stageKey({ architecture }: { architecture: string }, { stage }: { stage: { name: string } }): string {
    return `${architecture}/${stage.name}`;
}

const stateFile = "state.json";
