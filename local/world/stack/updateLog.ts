import type { EngineEvent } from "@pulumi/pulumi/automation";
import { BuildSteps } from "./buildSteps";

/** Numbers of resources that an update created, changed and so on. */
export interface Changes {
    create: number;
    update: number;
    replace: number;
    delete: number;
    same: number;
}

/** Type of the stack's own resource; its outputs are the stack's. */
const stackType = "pulumi:pulumi:Stack";

const imageType = "docker-build:index:Image";

/** Operations of the engine that make the docker-build provider build; `replace` only accompanies `create-replacement`. */
const buildingOperations = new Set(["create", "update", "create-replacement"]);

/** Text of the engine at the end of every failed update, beside the errors that give the reason. */
const closingWords = "update failed";

/** Log of an update, fed with the engine's events: counts, builds, and a line for the current activity. */
export class UpdateLog {
    /** Steps by URN, for the lines only: the provider may lose the end of its log (docs/decisions/085). */
    private readonly steps = new Map<string, BuildSteps>();
    private readonly problems: string[] = [];
    private readonly remarks: string[] = [];
    private summary: Partial<Record<string, number>> = {};
    private stackOutputs: Record<string, unknown> = {};
    private lastLine = "";

    /** @param show function that takes a line whenever there is something new to show */
    constructor(private readonly show: (line: string) => void) {}

    /** Takes one event of the engine; events arrive in the order of their causes. */
    add(event: EngineEvent): void {
        const { resourcePreEvent, resOutputsEvent, diagnosticEvent, summaryEvent } = event;
        if (resourcePreEvent) this.begin(resourcePreEvent.metadata.urn, resourcePreEvent.metadata.op);
        if (resOutputsEvent?.metadata.type === stackType) {
            this.stackOutputs = (resOutputsEvent.metadata.new?.outputs ?? {}) as Record<string, unknown>;
        }
        if (diagnosticEvent) this.diagnose(diagnosticEvent.urn, diagnosticEvent.severity, diagnosticEvent.message);
        if (summaryEvent) this.summary = summaryEvent.resourceChanges;
    }

    /** Outputs of the stack, with `[secret]` in the place of each secret. */
    get outputs(): Record<string, unknown> {
        return this.stackOutputs;
    }

    /** Number of builds begun so far. */
    get builds(): number {
        return this.steps.size;
    }

    /** Errors that the engine reported, each text once: it reports one of the program's evaluation twice. */
    get errors(): string[] {
        const causes = [...new Set(this.problems)].filter((text) => text !== closingWords);
        return causes.length > 0 ? causes : this.problems;
    }

    /** Warnings about resources, one text each; the engine's own name the place of a plugin. */
    get warnings(): string[] {
        return this.remarks;
    }

    /** Counts of the engine. */
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

/** Removes the marks of colours, `<{%…%}>`, from the engine's messages. */
function withoutColors(message: string): string {
    return message.replace(/<\{%.*?%\}>/g, "");
}
