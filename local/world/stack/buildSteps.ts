/** Progress of one step of a Dockerfile. */
interface Step {
    name: string;
    state: "running" | "cached" | "done" | "failed";
}

/** Pattern of a Dockerfile's steps, as opposed to BuildKit's own work (loading the context, importing and exporting). */
export const dockerfileStep = /^\[(?!internal\]|auth\]|context )[^\]]+\] (?!FROM )/;

/** Pattern of a fetched layer in a step's own result: the step was found in the cache, and a later one reads its files. */
const fetchedLayer = /^(extracting )?sha256:[0-9a-f]+ /;

/** Pattern of a line of BuildKit's plain progress: the number of a step, and the event. */
const progressLine = /^#(\d+) (.+)$/;

/**
 * Counter of the steps of one build, fed with BuildKit's plain progress, which the docker-build provider passes on line by line.
 *
 * A step is announced by its name (`#7 [build 2/4] RUN …`) and ended by `#7 CACHED`, `#7 DONE 1.2s` or `#7 ERROR …`.
 */
export class BuildSteps {
    private readonly steps = new Map<string, Step>();

    /** Takes one line; lines about no step are ignored. */
    add(line: string): void {
        const [, number, text] = progressLine.exec(line.trim()) ?? [];
        if (number === undefined || text === undefined) return;
        const known = this.steps.get(number);
        if (known === undefined) {
            if (dockerfileStep.test(text)) this.steps.set(number, { name: text, state: "running" });
        } else if (text === "CACHED" || fetchedLayer.test(text)) {
            known.state = "cached";
        } else if (/^DONE \d/.test(text)) {
            // A step that was found in the cache is announced as done once its layers were fetched, at times without CACHED before.
            if (known.state !== "cached") known.state = "done";
        } else if (text.startsWith("ERROR")) {
            known.state = "failed";
        }
    }

    /** Number of steps whose result was in the cache. */
    get cached(): number {
        return this.inState("cached").length;
    }

    /** Number of steps that were executed. */
    get run(): number {
        return this.executed.length;
    }

    /** Names of the steps that were executed, such as `[build 2/4] RUN make`. */
    get executed(): string[] {
        return this.inState("done");
    }

    /** Name of the latest step that has not ended. @default - none is running */
    get current(): string | undefined {
        return [...this.steps.values()].findLast((step) => step.state === "running")?.name;
    }

    private inState(state: Step["state"]): string[] {
        return [...this.steps.values()].filter((step) => step.state === state).map((step) => step.name);
    }
}
