import type { ActionDeclaration, PipelineDeclaration, StageDeclaration } from "@aws-sdk/client-codepipeline";

/** Keys of the configurations that are run, by the action's type. */
const actionTypes: Partial<Record<string, string[]>> = {
    "Source/AWS/CodeStarSourceConnection/1": [
        "BranchName",
        "ConnectionArn",
        "DetectChanges",
        "FullRepositoryId",
        "OutputArtifactFormat",
    ],
    "Build/AWS/CodeBuild/1": ["EnvironmentVariables", "PrimarySource", "ProjectName"],
    "Test/AWS/CodeBuild/1": ["EnvironmentVariables", "PrimarySource", "ProjectName"],
    "Approval/AWS/Manual/1": ["CustomData", "ExternalEntityLink"],
};

/** Members of declarations that are run. */
const members = {
    pipeline: [
        ...["artifactStore", "executionMode", "name", "pipelineType", "roleArn", "stages", "triggers", "variables"],
        "version",
    ],
    stage: ["actions", "name"],
    action: [
        ...["actionTypeId", "configuration", "inputArtifacts", "name", "namespace", "outputArtifacts", "region"],
        ...["roleArn", "runOrder", "timeoutInMinutes"],
    ],
};

/**
 * Finds a part of a pipeline that CodePipeline has and this runner does not run.
 *
 * @returns one sentence that names it; undefined where all can be run
 */
export function unsupportedPart(pipeline: PipelineDeclaration, region: string): string | undefined {
    const { name, executionMode = "SUPERSEDED", stages = [] } = pipeline;
    const whole = `The pipeline ${name}`;
    if (executionMode === "PARALLEL") return sentence(`${whole} has the execution mode PARALLEL`);
    return (
        unknownMember(whole, pipeline, members.pipeline) ?? first(stages, (stage) => unsupportedStage(stage, region))
    );
}

function unsupportedStage(stage: StageDeclaration, region: string): string | undefined {
    const { name, actions = [] } = stage;
    return (
        unknownMember(`The stage ${name}`, stage, members.stage) ??
        first(actions, (action) => unsupportedAction(`The action ${action.name} of stage ${name}`, action, region))
    );
}

function unsupportedAction(what: string, action: ActionDeclaration, region: string): string | undefined {
    const { category, owner, provider, version } = action.actionTypeId ?? {};
    const keys = actionTypes[[category, owner, provider, version].join("/")];
    if (keys === undefined) {
        return sentence(`${what} is of the type ${category} by ${owner} ${provider} version ${version}`);
    }
    const { configuration = {} } = action;
    if (configuration.OutputArtifactFormat === "CODEBUILD_CLONE_REF") {
        return sentence(`${what} has the OutputArtifactFormat CODEBUILD_CLONE_REF`);
    }
    if (action.region !== undefined && action.region !== region) {
        return sentence(`${what} is in the Region ${action.region}`);
    }
    return (
        unknownMember(what, action, members.action) ??
        unknownMember(`${what}, in its configuration,`, configuration, keys)
    );
}

function unknownMember(what: string, declared: object, known: string[]): string | undefined {
    const found = Object.entries(declared).find(([name, value]) => !known.includes(name) && !isEmpty(value));
    return found && sentence(`${what} has ${found[0]}`);
}

function isEmpty(value: unknown): boolean {
    return value === undefined || value === null || (typeof value === "object" && Object.keys(value).length === 0);
}

function first<T>(list: T[], find: (item: T) => string | undefined): string | undefined {
    for (const item of list) {
        const found = find(item);
        if (found !== undefined) return found;
    }
    return undefined;
}

function sentence(fault: string): string {
    return `${fault}, which is not run offline.`;
}
