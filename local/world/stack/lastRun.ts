import * as fs from "node:fs/promises";
import * as path from "node:path";
import { worldDirectory } from "../../paths";
import type { Changes } from "./updateLog";

/** What became of one image in an update. */
export interface ImageSummary {
    /** Name of the image. */
    name: string;
    /** `sha256:…`. */
    digest: string;
    /** `src-<hash>`. */
    tag: string;
    /** Duration of its build, the longest when there are several; 0 when there was none. */
    seconds: number;
    /** Steps of the Dockerfile that were found in the cache. */
    stepsCached: number;
    /** Steps of the Dockerfile that were executed. */
    stepsRun: number;
    /** Bytes read from the registry, counted there. */
    registryBytesDown: number;
    /** Bytes written to the registry, counted there. */
    registryBytesUp: number;
}

/** What became of the CodeBuild build that followed an update. */
export interface BuildSummary {
    /** `project:uuid`. */
    id: string;
    /** As in BatchGetBuilds. */
    status: string;
    /** Digest of the first image, as the build exported it; empty where it has none. */
    digest: string;
    /** Whether the build had to start a builder. */
    builderStarted: boolean;
    /** Seconds from the build's begin to its end. */
    seconds: number;
    /** File with its log. */
    log: string;
}

/** The summary of a run, as .local/last-run.json holds it. */
export interface LastRun {
    /** Name of the stack. */
    stack: string;
    /** Counts of the engine. */
    changes: Changes;
    /** The stack's outputs. */
    outputs: Record<string, unknown>;
    /** One entry for each image. */
    images: ImageSummary[];
    /** The CodeBuild build of the same source. @default - the stack declares no project, or the build failed */
    build?: BuildSummary;
    /** Duration of each step, and of all of it. Steps run side by side, so that the sum of the others is more. */
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

/** Where the summary of the last run is written. */
export function lastRunFile(): string {
    return path.join(worldDirectory(), "last-run.json");
}

/** Writes the summary; a reader never sees half of it. */
export async function writeLastRun(run: LastRun): Promise<void> {
    const file = lastRunFile();
    await fs.writeFile(`${file}.new`, `${JSON.stringify(run, undefined, 2)}\n`);
    await fs.rename(`${file}.new`, file);
}
