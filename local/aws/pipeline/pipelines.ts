import type { PipelineDeclaration, Tag } from "@aws-sdk/client-codepipeline";
import { RequestError } from "../requestError";
import { StateMap } from "../stateFile";
import { structureProblem } from "./structure";

/** Pipeline with its declaration as the API answers it. */
export interface StoredPipeline {
    pipeline: PipelineDeclaration & { name: string; version: number };
    /** Times in seconds since 1970. */
    created: number;
    updated: number;
    tags: Tag[];
}

/** Declared pipelines by name, in a file. */
export class Pipelines {
    private readonly stored: StateMap<StoredPipeline>;

    constructor(file: string) {
        this.stored = new StateMap(file);
    }

    /** @throws RequestError for a name in use, or a structure that CodePipeline refuses */
    create(declaration: PipelineDeclaration, tags: Tag[]): StoredPipeline {
        const name = String(declaration.name);
        if (this.stored.has(name)) {
            throw new RequestError("PipelineNameInUseException", `A pipeline with the name '${name}' already exists`);
        }
        const now = Date.now() / 1000;
        return this.write({ pipeline: complete(declaration, 1), created: now, updated: now, tags });
    }

    /** @throws RequestError for an unknown name, or a structure that CodePipeline refuses */
    update(declaration: PipelineDeclaration): StoredPipeline {
        const known = this.existing(String(declaration.name));
        const pipeline = complete(declaration, known.pipeline.version + 1);
        return this.write({ ...known, pipeline, updated: Date.now() / 1000 });
    }

    /** Returns the tags of a pipeline. @throws RequestError for an unknown ARN */
    tags(arn: string): Tag[] {
        return this.named(arn).tags;
    }

    /** Changes the tags of a pipeline. @throws RequestError for an unknown ARN */
    tag(arn: string, change: (tags: Tag[]) => Tag[]): void {
        const known = this.named(arn);
        this.write({ ...known, tags: change(known.tags) });
    }

    /** Finds a pipeline. @throws RequestError for an unknown name */
    existing(name: string): StoredPipeline {
        const known = this.stored.get(name);
        if (known !== undefined) return known;
        throw new RequestError("PipelineNotFoundException", `The account does not have a pipeline named '${name}'`);
    }

    /** Lists all pipelines. */
    list(): StoredPipeline[] {
        return [...this.stored.values()];
    }

    /** Deletes a pipeline; an unknown one is no fault. */
    delete(name: string): void {
        this.stored.delete(name);
    }

    private named(arn: string): StoredPipeline {
        const known = this.stored.get(arn.split(":").pop() ?? "");
        if (known !== undefined) return known;
        throw new RequestError("ResourceNotFoundException", `There is no resource ${arn}.`);
    }

    private write(stored: StoredPipeline): StoredPipeline {
        this.stored.set(stored.pipeline.name, stored);
        return stored;
    }
}

/** Completes a declaration with what CodePipeline assumes. @throws RequestError for a structure that it refuses */
function complete(declaration: PipelineDeclaration, version: number): StoredPipeline["pipeline"] {
    const problem = structureProblem(declaration);
    if (problem !== undefined) throw new RequestError("InvalidStructureException", problem);
    const stages = (declaration.stages ?? []).map((stage) => ({
        ...stage,
        actions: (stage.actions ?? []).map((action) => ({ runOrder: 1, configuration: {}, ...action })),
    }));
    const { executionMode = "SUPERSEDED", pipelineType = "V1" } = declaration;
    return { ...declaration, name: String(declaration.name), version, executionMode, pipelineType, stages };
}
