import type { PinnedStageSpec } from "../../infra/plan/imageSpec";
import type { Platform } from "../../infra/plan/platform";
import type { DockerfileForm } from "../workloads/workload";
import { citation, type WriteUp } from "./writeUps";

/** Request to build one image. */
export interface ImageRequest {
    /** Host and name of the image's repository. */
    repository: string;
    /** Build context (absolute). */
    context: string;
    /** Dockerfiles (absolute). */
    dockerfiles: Record<DockerfileForm, string>;
    /** Build arguments. */
    buildArgs: Record<string, string>;
    platforms: Platform[];
    /** Branch that is built. */
    branch: string;
    /** Tag of this build, in the form of a commit's. */
    tag: string;
    /** Tag of the last build. @default - there was none */
    lastTag?: string;
    /** Targets of the cache mounts whose contents are carried through S3. */
    carriedDirectories: string[];
    /** Stages of our Dockerfile that are kept as images. */
    pinnedStages: PinnedStageSpec[];
    /** Folder of the image, for files that a strategy writes (absolute); nothing else is in it. */
    folder: string;
}

/**
 * Command of a strategy:
 * - fill: fills cache mounts, where an image is missing, by the first build whose image exists
 * - stage: builds an image where it is missing
 * - cache: writes the caches of an image that was missing
 * - build: `docker buildx build` with the given arguments
 * - pull: `docker pull` of an image; nothing for a missing one
 * - index: an index of existing images
 * - adopt: ends the list of an image where its tag exists
 * - restore, save: the carried directories from and to S3
 */
export type Command =
    | { kind: "fill"; missing: string; from: { image: string; arguments: string[] }[] }
    | { kind: "stage" | "cache"; missing: string; arguments: string[] }
    | { kind: "build"; arguments: string[] }
    | { kind: "pull"; reference: string }
    | { kind: "index"; reference: string; images: string[] }
    | { kind: "adopt"; reference: string }
    | { kind: "restore"; directories: string[] }
    | { kind: "save"; directories: string[] };

/** Way of building and pushing an image from an empty host. */
export interface Strategy {
    /** Name on the command line and in the results. */
    name: string;
    /** Description for the method, in one to three sentences. */
    description: string;
    /** Write-up that published it; the report compares ours with these strategies. @default - not published */
    writeUp?: WriteUp;
    /** Whether the strategy can build for several platforms. */
    buildsPlatforms: boolean;
    /** Limit of builds at the same time. @default - one image after the other, its commands in their order */
    parallelBuilds?: number;
    /** Lists the commands that build and push an image. */
    commands: (request: ImageRequest) => Command[];
}

/** Describes a strategy in Markdown, with the write-up that published it. */
export function describeStrategy({ description, writeUp }: Pick<Strategy, "description" | "writeUp">): string {
    return writeUp === undefined ? description : `${description} ${citation(writeUp)}`;
}
