import type { ActionDeclaration, PipelineDeclaration } from "@aws-sdk/client-codepipeline";

/** Action with its stage. */
interface PlacedAction {
    action: ActionDeclaration;
    /** Index of the stage. */
    stage: number;
}

/**
 * Finds a fault of a pipeline's structure that CodePipeline refuses when the pipeline is created or updated.
 *
 * @returns one sentence; undefined without a fault
 * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-pipeline-structure.html
 */
export function structureProblem({ stages = [] }: PipelineDeclaration): string | undefined {
    if (stages.length < 2) {
        return `Pipeline has only ${stages.length} stage(s). There should be a minimum of 2 stages in a pipeline`;
    }
    const placed = stages.flatMap(({ actions = [] }, stage) => actions.map((action) => ({ action, stage })));
    if (placed.some(({ action, stage }) => isSource(action) !== (stage === 0)) || stages[0]?.actions?.length === 0) {
        return "Pipeline should start with a stage that only contains source actions, and no other stage has any";
    }
    const stageTwice = repeated(stages.map(({ name }) => name));
    if (stageTwice !== undefined) return `Stage names must be unique; ${stageTwice} has been used more than once`;
    for (const { name, actions = [] } of stages) {
        if (actions.length === 0) return `Stage ${name} has no actions`;
        const twice = repeated(actions.map((action) => action.name));
        if (twice !== undefined)
            return `Action names must be unique in stage ${name}; ${twice} is there more than once`;
    }
    const output = repeated(placed.flatMap(({ action }) => action.outputArtifacts ?? []).map(({ name }) => name));
    if (output !== undefined) {
        return `Output Artifact Bundle name must be unique within the pipeline. ${output} has been used more than once`;
    }
    const namespace = repeated(placed.flatMap(({ action }) => action.namespace ?? []));
    if (namespace !== undefined) return `Namespaces must be unique within the pipeline; ${namespace} is there twice`;
    return missingInput(placed);
}

function missingInput(placed: PlacedAction[]): string | undefined {
    for (const { action, stage } of placed) {
        const isBefore = (other: PlacedAction) =>
            other.stage < stage || (other.stage === stage && orderOf(other.action) < orderOf(action));
        const outputs = placed.filter(isBefore).flatMap((other) => other.action.outputArtifacts ?? []);
        const missing = action.inputArtifacts?.find(({ name }) => !outputs.some((output) => output.name === name));
        if (missing !== undefined) {
            return `Input Artifact Bundle ${missing.name} in action ${action.name} is not declared as Output Artifact Bundle in any of the preceding actions`;
        }
    }
    return undefined;
}

/** Returns the place of an action in its stage; actions of the same place run side by side. */
export function orderOf({ runOrder = 1 }: ActionDeclaration): number {
    return runOrder;
}

function isSource({ actionTypeId }: ActionDeclaration): boolean {
    return actionTypeId?.category === "Source";
}

function repeated(names: (string | undefined)[]): string | undefined {
    return names.find((name, index) => names.indexOf(name) !== index);
}
