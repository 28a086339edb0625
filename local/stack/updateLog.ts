import type { EngineEvent } from "@pulumi/pulumi/automation";
import { BuildSteps } from "./buildSteps";

/** How many resources an update created, changed and so on. */
export interface Changes {
    create: number;
    update: number;
    replace: number;
    delete: number;
    same: number;
}

/** One image's build, as the engine's events tell it. */
export interface ImageBuildLog {
    /** Logical name of the docker-build Image. */
    name: string;
    /** Steps of its Dockerfile. */
    steps: BuildSteps;
    /** Duration of the resource operation in seconds; 0 as long as it is under way, or when nothing had to be done. */
    seconds: number;
}

const imageType = "docker-build:index:Image";

/** Follows an update through the engine's events: counts, builds, and a line for what happens right now. */
export class UpdateLog {
    private readonly builds = new Map<string, ImageBuildLog & { started: number }>();
    private readonly problems: string[] = [];
    private readonly remarks: string[] = [];
    private summary: Partial<Record<string, number>> = {};
    private lastLine = "";

    /** @param show takes a line whenever there is something new to show */
    constructor(private readonly show: (line: string) => void) {}

    /** Takes one event of the engine; the order in which they arrive is the order in which things happened. */
    add(event: EngineEvent): void {
        const { resourcePreEvent, resOutputsEvent, diagnosticEvent, summaryEvent } = event;
        if (resourcePreEvent) this.begin(resourcePreEvent.metadata.urn, resourcePreEvent.metadata.op);
        if (resOutputsEvent) this.end(resOutputsEvent.metadata.urn);
        if (diagnosticEvent) this.diagnose(diagnosticEvent.urn, diagnosticEvent.severity, diagnosticEvent.message);
        if (summaryEvent) this.summary = summaryEvent.resourceChanges;
    }

    /** The builds of this update by the logical name of their Image, including those that had nothing to do. */
    get images(): ImageBuildLog[] {
        return [...this.builds.values()];
    }

    /** The errors that the engine reported, one text each. */
    get errors(): string[] {
        return this.problems;
    }

    /** The warnings about resources, one text each; the engine's own say where it found a plugin. */
    get warnings(): string[] {
        return this.remarks;
    }

    /** The engine's own counts. */
    get changes(): Changes {
        const { create = 0, update = 0, replace = 0, delete: removed = 0, same = 0 } = this.summary;
        return { create, update, replace, delete: removed, same };
    }

    private begin(urn: string, operation: string): void {
        if (operation !== "same") this.report(`${operation} ${nameOf(urn)}`);
        if (typeOf(urn) === imageType) {
            this.builds.set(urn, { name: nameOf(urn), steps: new BuildSteps(), seconds: 0, started: Date.now() });
        }
    }

    private end(urn: string): void {
        const build = this.builds.get(urn);
        if (build) build.seconds = (Date.now() - build.started) / 1000;
    }

    private report(line: string): void {
        if (line !== this.lastLine) this.show(line);
        this.lastLine = line;
    }

    private diagnose(urn: string | undefined, severity: string, message: string): void {
        const text = withoutColors(message).trim();
        if (severity === "error" && text !== "") this.problems.push(text);
        if (severity === "warning" && urn) this.remarks.push(text);
        const build = this.builds.get(urn ?? "");
        if (!build || text === "") return;
        build.steps.add(text);
        const { cached, run, current } = build.steps;
        this.report(`${build.name}: ${cached} cached, ${run} run${current === undefined ? "" : `, now ${current}`}`);
    }
}

function nameOf(urn: string): string {
    return urn.slice(urn.lastIndexOf("::") + 2);
}

function typeOf(urn: string): string {
    const [qualifiedType = ""] = urn.split("::").slice(2);
    return qualifiedType.slice(qualifiedType.lastIndexOf("$") + 1);
}

/** The engine marks colours as `<{%…%}>` in its messages. */
function withoutColors(message: string): string {
    return message.replace(/<\{%.*?%\}>/g, "");
}
