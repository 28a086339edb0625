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

/** Type of the resource that a stack itself is; its outputs are the stack's. */
const stackType = "pulumi:pulumi:Stack";

const imageType = "docker-build:index:Image";

/** The engine's operations that make the docker-build provider build; `replace` only goes along with `create-replacement`. */
const buildingOperations = new Set(["create", "update", "create-replacement"]);

/** What the engine ends every failed update with, beside the errors that say why. */
const closingWords = "update failed";

/** Follows an update through the engine's events: counts, builds, and a line for what happens right now. */
export class UpdateLog {
    /** By URN, for the lines only: the provider may lose the end of its log (docs/decisions/085). */
    private readonly steps = new Map<string, BuildSteps>();
    private readonly problems: string[] = [];
    private readonly remarks: string[] = [];
    private summary: Partial<Record<string, number>> = {};
    private stackOutputs: Record<string, unknown> = {};
    private lastLine = "";

    /** @param show takes a line whenever there is something new to show */
    constructor(private readonly show: (line: string) => void) {}

    /** Takes one event of the engine; the order in which they arrive is the order in which things happened. */
    add(event: EngineEvent): void {
        const { resourcePreEvent, resOutputsEvent, diagnosticEvent, summaryEvent } = event;
        if (resourcePreEvent) this.begin(resourcePreEvent.metadata.urn, resourcePreEvent.metadata.op);
        if (resOutputsEvent?.metadata.type === stackType) {
            this.stackOutputs = (resOutputsEvent.metadata.new?.outputs ?? {}) as Record<string, unknown>;
        }
        if (diagnosticEvent) this.diagnose(diagnosticEvent.urn, diagnosticEvent.severity, diagnosticEvent.message);
        if (summaryEvent) this.summary = summaryEvent.resourceChanges;
    }

    /** The stack's outputs; the engine puts `[secret]` in the place of each secret. */
    get outputs(): Record<string, unknown> {
        return this.stackOutputs;
    }

    /** How many builds were begun so far. */
    get builds(): number {
        return this.steps.size;
    }

    /** The errors that the engine reported, one text each. */
    get errors(): string[] {
        const causes = this.problems.filter((text) => text !== closingWords);
        return causes.length > 0 ? causes : this.problems;
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
        if (typeOf(urn) === imageType && buildingOperations.has(operation)) this.steps.set(urn, new BuildSteps());
    }

    private report(line: string): void {
        if (line !== this.lastLine) this.show(line);
        this.lastLine = line;
    }

    private diagnose(urn: string | undefined, severity: string, message: string): void {
        const text = withoutColors(message).trim();
        if (severity === "error" && text !== "") this.problems.push(text);
        if (severity === "warning" && urn) this.remarks.push(text);
        const steps = this.steps.get(urn ?? "");
        if (urn === undefined || steps === undefined || text === "") return;
        steps.add(text);
        const { cached, run, current } = steps;
        this.report(`${nameOf(urn)}: ${cached} cached, ${run} run${current === undefined ? "" : `, now ${current}`}`);
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
