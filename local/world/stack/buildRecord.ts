import { z } from "zod";
import { dockerfileStep } from "./buildSteps";

/** The parts in use of a line of `docker-buildx history ls --format json`. */
const listedBuild = z.object({
    /** `builder/node/id`. */
    ref: z.string(),
    status: z.string(),
    created_at: z.string(),
    completed_at: z.string().optional(),
});

/** A vertex of BuildKit's build graph, as one moment of the build has it: told again whenever something changes. */
const vertex = z.object({
    digest: z.string(),
    name: z.string(),
    completed: z.string().optional(),
    cached: z.boolean().optional(),
    error: z.string().optional(),
    /** The step that this is a part of; a `weak` part alone does not make the step a part of the build. */
    progressGroup: z.object({ id: z.string(), name: z.string(), weak: z.boolean().optional() }).optional(),
});

type Vertex = z.infer<typeof vertex>;

/** The parts in use of a line of `docker-buildx history logs --progress rawjson`. */
const progress = z.object({
    vertexes: z.array(vertex).optional(),
    statuses: z.array(z.object({ id: z.string() })).optional(),
});

/** What the image exporter says of each reference that it pushes. */
const pushedManifest = /^pushing manifest for (.+)@sha256:[0-9a-f]{64}$/;

/** A successful build in BuildKit's history. */
export interface ListedBuild {
    /** What `docker-buildx history` knows it by. */
    id: string;
    /** Its begin and its end, in milliseconds since 1970. */
    begin: number;
    end: number;
}

/** What a build did. */
export interface BuildRecord {
    /** The references that it pushed, such as `127.0.0.1:5000/shop:src-0123`. */
    pushed: string[];
    /** Steps of the Dockerfile whose result was in the cache. */
    stepsCached: number;
    /** Steps of the Dockerfile that were executed. */
    stepsRun: number;
}

/**
 * The successful builds of a listing that were begun at a time or later.
 *
 * @param listing what `docker-buildx history ls --format json` prints
 * @param time milliseconds since 1970
 */
export function buildsSince(listing: string, time: number): ListedBuild[] {
    return jsonLines(listing, listedBuild).flatMap(({ ref, status, created_at, completed_at }) => {
        const begin = Date.parse(created_at);
        if (status !== "Completed" || completed_at === undefined || begin < time) return [];
        return [{ id: ref.slice(ref.lastIndexOf("/") + 1), begin, end: Date.parse(completed_at) }];
    });
}

/**
 * Reads what a build did from its log.
 *
 * @param log what `docker-buildx history logs --progress rawjson` prints
 */
export function readBuildRecord(log: string): BuildRecord {
    const lines = jsonLines(log, progress);
    const steps = dockerfileSteps(lines.flatMap(({ vertexes = [] }) => vertexes));
    const stepsCached = steps.filter((parts) => parts.every(({ cached }) => cached)).length;
    const pushed = lines.flatMap(({ statuses = [] }) => statuses.map(({ id }) => pushedManifest.exec(id)?.[1]));
    return {
        pushed: [...new Set(pushed.filter((reference) => reference !== undefined))],
        stepsCached,
        stepsRun: steps.length - stepsCached,
    };
}

/** The steps of the Dockerfile that were found or executed, each as its parts. */
function dockerfileSteps(told: Vertex[]): Vertex[][] {
    const parts = new Map<string, Vertex>();
    // A step found in the cache is told again, then not as cached, when its layers are fetched: what was once said stays.
    for (const part of told) parts.set(part.digest, { ...parts.get(part.digest), ...part });

    const steps = new Map<string, Vertex[]>();
    for (const part of parts.values()) {
        const { id, name } = part.progressGroup ?? { id: part.digest, name: part.name };
        if (part.completed === undefined || part.error !== undefined || !dockerfileStep.test(name)) continue;
        steps.set(id, [...(steps.get(id) ?? []), part]);
    }
    return [...steps.values()].filter((step) => step.some(({ progressGroup }) => !progressGroup?.weak));
}

/** Docker's own messages to the person stand between the lines that are JSON. */
function jsonLines<T>(text: string, schema: z.ZodType<T>): T[] {
    const lines = text.split("\n").filter((line) => line.startsWith("{"));
    return lines.map((line) => schema.parse(JSON.parse(line)));
}
