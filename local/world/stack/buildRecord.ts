import { z } from "zod";
import { dockerfileStep } from "./buildSteps";

/** Schema of the used parts of a line of `docker-buildx history ls --format json`. */
const listedBuild = z.object({
    /** Id `builder/node/id` of the build. */
    ref: z.string(),
    status: z.string(),
    created_at: z.string(),
    completed_at: z.string().optional(),
});

/** Schema of a vertex of BuildKit's build graph at one moment of the build; each change is reported again. */
const vertex = z.object({
    digest: z.string(),
    name: z.string(),
    completed: z.string().optional(),
    cached: z.boolean().optional(),
    error: z.string().optional(),
    /** Step of the vertex; a `weak` part alone does not make the step a part of the build. */
    progressGroup: z.object({ id: z.string(), name: z.string(), weak: z.boolean().optional() }).optional(),
});

type Vertex = z.infer<typeof vertex>;

/** Schema of the used parts of a line of `docker-buildx history logs --progress rawjson`. */
const progress = z.object({
    vertexes: z.array(vertex).optional(),
    statuses: z.array(z.object({ id: z.string() })).optional(),
});

/** Pattern of the image exporter's line for each pushed reference. */
const pushedManifest = /^pushing manifest for (.+)@sha256:[0-9a-f]{64}$/;

/** Successful build in BuildKit's history. */
export interface ListedBuild {
    /** Id for `docker-buildx history`. */
    id: string;
    /** Start and end of the build, in milliseconds since 1970. */
    begin: number;
    end: number;
}

/** Content of a build's log. */
export interface BuildRecord {
    /** References that the build pushed, such as `127.0.0.1:5000/shop:src-0123`. */
    pushed: string[];
    /** Number of Dockerfile steps whose result was in the cache. */
    stepsCached: number;
    /** Number of Dockerfile steps that were executed. */
    stepsRun: number;
}

/**
 * Lists the successful builds of a listing that started at a time or later.
 *
 * @param listing output of `docker-buildx history ls --format json`
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
 * Parses a build's log.
 *
 * @param log output of `docker-buildx history logs --progress rawjson`
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

/** Lists the steps of the Dockerfile that were found or executed, each as its parts. */
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

/** Parses the JSON lines of a text; Docker's own messages to the person stand between them. */
function jsonLines<T>(text: string, schema: z.ZodType<T>): T[] {
    const lines = text.split("\n").filter((line) => line.startsWith("{"));
    return lines.map((line) => schema.parse(JSON.parse(line)));
}
