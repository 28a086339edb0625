import * as path from "node:path";
import { writeJsonFile } from "../../machine/jsonFile";
import { worldDirectory } from "../../paths";
import type { Changes } from "./updateLog";

/** Result of one image in an update. */
export interface ImageSummary {
    /** Name of the image. */
    name: string;
    /** Digest `sha256:…` of the image. */
    digest: string;
    /** Content tag `src-<hash>`. */
    tag: string;
    /** Duration of the image's build, the longest when there are several; 0 when there was none. */
    seconds: number;
    /** Number of Dockerfile steps that were found in the cache. */
    stepsCached: number;
    /** Number of Dockerfile steps that were executed. */
    stepsRun: number;
    /** Bytes read from the registry, counted there. */
    registryBytesDown: number;
    /** Bytes written to the registry, counted there. */
    registryBytesUp: number;
}

/** Result of the CodeBuild build that followed an update. */
export interface BuildSummary {
    /** Id `project:uuid` of the build. */
    id: string;
    /** Status as in BatchGetBuilds. */
    status: string;
    /** Digest of the first image, as the build exported it; empty where it has none. */
    digest: string;
    /** Whether the build had to start a builder. */
    builderStarted: boolean;
    /** Seconds from the build's start to its end. */
    seconds: number;
    /** File with the build's log. */
    log: string;
}

/** Summary of a run, as .local/last-run.json holds it. */
export interface LastRun {
    /** Name of the stack. */
    stack: string;
    /** Counts of the engine. */
    changes: Changes;
    /** Outputs of the stack. */
    outputs: Record<string, unknown>;
    /** Results of the images. */
    images: ImageSummary[];
    /** CodeBuild build of the same source. @default - the stack declares no project, or the build failed */
    build?: BuildSummary;
    /** Duration of each step and of the whole run. Steps run side by side, so the sum of the others exceeds the whole. */
    seconds: {
        tools: number;
        services: number;
        baseImages: number;
        databaseImage: number;
        host: number;
        up: number;
        build: number;
        deploy: number;
        total: number;
    };
}

/** Names the file of the last run's summary. */
export function lastRunFile(): string {
    return path.join(worldDirectory(), "last-run.json");
}

/** Writes the summary; a reader never sees half of it. */
export function writeLastRun(run: LastRun): Promise<void> {
    return writeJsonFile(lastRunFile(), run);
}
