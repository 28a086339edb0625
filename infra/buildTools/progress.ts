/** Step of a build, in BuildKit's `--progress=rawjson`. Times are ISO texts. */
interface Vertex {
    digest: string;
    name: string;
    started?: string;
    completed?: string;
    cached?: boolean;
    error?: string;
}

/** Progress of a part of a step; `id` is `sha256:…` while a layer is downloaded. */
interface Status {
    id: string;
    vertex: string;
    current?: number;
}

/** One line of BuildKit's progress. */
interface Progress {
    vertexes?: Vertex[];
    statuses?: Status[];
    /** Output of a step, base64. */
    logs?: { vertex: string; data: string }[];
    warnings?: { short: string }[];
}

/** Summary of one build. */
export interface ProgressSummary {
    /** Number of Dockerfile steps whose result was in the cache. */
    stepsCached: number;
    /** Number of Dockerfile steps that were executed. */
    stepsRun: number;
    /** Bytes of layers that were read from registries. */
    bytesRead: number;
    /** Seconds until the last step was done, and seconds of push and cache export after it. */
    seconds: { steps: number; exports: number };
}

/** Names of a Dockerfile's steps, as opposed to BuildKit's own work; FROM only names a base. */
const dockerfileStep = /^\[(?!internal\]|auth\]|context )[^\]]+\] (?!FROM |LINK )/;

/** Names of BuildKit's work after the steps. */
const exportStep = /^(exporting|pushing|resolving provenance)/;

/** Progress of one build: readable lines as they come, and a summary at the end. */
export class BuildProgress {
    private readonly vertexes = new Map<string, Vertex>();
    private readonly numbers = new Map<string, number>();
    private readonly bytes = new Map<string, number>();
    private readonly shown = new Set<string>();

    /** Reads one line of progress. @returns readable lines; a line that is no progress is returned unchanged */
    add(line: string): string[] {
        const progress = parse(line);
        if (progress === undefined) return line === "" ? [] : [line];
        for (const { id, current = 0 } of progress.statuses ?? []) {
            if (id.startsWith("sha256:")) this.bytes.set(id, Math.max(current, this.bytes.get(id) ?? 0));
        }
        return [
            ...(progress.vertexes ?? []).flatMap((vertex) => this.addVertex(vertex)),
            ...(progress.logs ?? []).flatMap(({ vertex, data }) => this.logLines(vertex, data)),
            ...(progress.warnings ?? []).map(({ short }) => `WARNING: ${Buffer.from(short, "base64").toString()}`),
        ];
    }

    get summary(): ProgressSummary {
        const all = [...this.vertexes.values()];
        const steps = all.filter(({ name, completed }) => completed !== undefined && dockerfileStep.test(name));
        const cached = steps.filter((step) => step.cached);
        const run = steps.filter((step) => !step.cached && !step.error);
        const begin = Math.min(...all.map(({ started }) => timeOf(started, Infinity)));
        const end = Math.max(...all.map(({ completed }) => timeOf(completed, -Infinity)));
        const lastStep = Math.max(
            ...all.filter(({ name }) => !exportStep.test(name)).map(({ completed }) => timeOf(completed, -Infinity)),
        );
        return {
            stepsCached: cached.length,
            stepsRun: run.length,
            bytesRead: [...this.bytes.values()].reduce((sum, bytes) => sum + bytes, 0),
            seconds: { steps: secondsBetween(begin, lastStep), exports: secondsBetween(lastStep, end) },
        };
    }

    private addVertex(vertex: Vertex): string[] {
        const known = this.vertexes.get(vertex.digest);
        // A step is begun more than once when it has several parts; the first beginning and the last end count.
        this.vertexes.set(vertex.digest, {
            ...known,
            ...vertex,
            started: known?.started ?? vertex.started,
            cached: vertex.cached ?? known?.cached,
        });
        // All steps are announced at first; they are numbered as they begin.
        if (vertex.started === undefined) return [];
        const number = this.numberOf(vertex.digest);
        return [
            ...this.once(`${number} begin`, true, `#${number} ${vertex.name}`),
            ...this.once(`${number} error`, Boolean(vertex.error), `#${number} ERROR: ${vertex.error}`),
            ...this.once(`${number} end`, vertex.completed !== undefined && !vertex.error, this.ending(vertex)),
        ];
    }

    private ending(vertex: Vertex): string {
        const number = this.numberOf(vertex.digest);
        if (vertex.cached) return `#${number} CACHED`;
        const started = this.vertexes.get(vertex.digest)?.started;
        return `#${number} DONE ${secondsBetween(timeOf(started, 0), timeOf(vertex.completed, 0)).toFixed(1)}s`;
    }

    private logLines(vertex: string, data: string): string[] {
        const text = Buffer.from(data, "base64").toString();
        return text
            .split(/[\r\n]+/)
            .filter((line) => line !== "")
            .map((line) => `#${this.numberOf(vertex)} ${line}`);
    }

    private once(key: string, isDue: boolean, line: string): string[] {
        if (!isDue || this.shown.has(key)) return [];
        this.shown.add(key);
        return [line];
    }

    private numberOf(vertex: string): number {
        const number = this.numbers.get(vertex) ?? this.numbers.size + 1;
        this.numbers.set(vertex, number);
        return number;
    }
}

function parse(line: string): Progress | undefined {
    if (!line.startsWith("{")) return undefined;
    try {
        return JSON.parse(line) as Progress;
    } catch {
        return undefined;
    }
}

function timeOf(text: string | undefined, otherwise: number): number {
    return text === undefined ? otherwise : Date.parse(text);
}

function secondsBetween(begin: number, end: number): number {
    return Number.isFinite(end - begin) ? Math.max(0, end - begin) / 1000 : 0;
}
