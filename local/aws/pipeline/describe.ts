import type { ActionDeclaration } from "@aws-sdk/client-codepipeline";
import {
    type ActionRecord,
    type ArtifactRecord,
    declaredStage,
    type ExecutionRecord,
    isOpen,
    lastRun,
    type StageRecord,
} from "./records";
import type { StoredPipeline } from "./pipelines";

/** Describes an execution in the form of GetPipelineExecution. */
export function describeExecution(execution: ExecutionRecord): object {
    const { pipeline, variables } = execution;
    return {
        pipelineName: pipeline.name,
        pipelineVersion: pipeline.version,
        ...common(execution),
        artifactRevisions: sourceArtifacts(execution).map(({ artifact }) => ({
            name: artifact.name,
            revisionId: artifact.revision,
            revisionSummary: artifact.revisionSummary,
        })),
        variables: Object.entries(variables).map(([name, resolvedValue]) => ({ name, resolvedValue })),
    };
}

/** Describes an execution in the form of ListPipelineExecutions. */
export function summarizeExecution(execution: ExecutionRecord): object {
    const { startTime, lastUpdateTime, stopTrigger } = execution;
    return {
        ...common(execution),
        startTime,
        lastUpdateTime,
        stopTrigger,
        sourceRevisions: sourceArtifacts(execution).map(({ action, artifact }) => ({
            actionName: action,
            revisionId: artifact.revision,
            revisionSummary: artifact.revisionSummary,
        })),
    };
}

function common({ id, status, statusSummary, trigger, pipeline }: ExecutionRecord): object {
    return {
        pipelineExecutionId: id,
        status,
        statusSummary,
        trigger,
        executionMode: pipeline.executionMode,
        executionType: "STANDARD",
    };
}

function sourceArtifacts({ stages }: ExecutionRecord): { action: string; artifact: ArtifactRecord }[] {
    return stages
        .flatMap(({ actions }) => actions)
        .flatMap(({ name, outputArtifacts }) => outputArtifacts.map((artifact) => ({ action: name, artifact })))
        .filter(({ artifact }) => artifact.revision !== undefined);
}

/**
 * Describes a pipeline in the form of GetPipelineState.
 *
 * @param executions executions of the pipeline, in any order
 */
export function describeState({ pipeline, created, updated }: StoredPipeline, executions: ExecutionRecord[]): object {
    return {
        pipelineName: pipeline.name,
        pipelineVersion: pipeline.version,
        created,
        updated,
        stageStates: (pipeline.stages ?? []).map(({ name = "", actions = [] }) => {
            const inbound = executions.filter((one) => isOpen(one) && one.waitingFor === name).map(inboundExecution);
            const latest = latestIn(name, executions);
            return {
                stageName: name,
                inboundExecution: inbound[0],
                inboundExecutions: inbound,
                inboundTransitionState: { enabled: true },
                latestExecution: latest && {
                    pipelineExecutionId: latest.execution.id,
                    status: latest.stage.status,
                    type: "STANDARD",
                },
                actionStates: actions.map((action) => actionState(action, name, executions)),
            };
        }),
    };
}

function inboundExecution({ id, status }: ExecutionRecord): object {
    return { pipelineExecutionId: id, status, type: "STANDARD" };
}

interface Entered {
    execution: ExecutionRecord;
    stage: StageRecord;
}

/** Finds the execution that entered a stage last. */
function latestIn(name: string, executions: ExecutionRecord[]): Entered | undefined {
    const entered = executions.flatMap((execution) =>
        execution.stages.filter((stage) => stage.name === name).map((stage) => ({ execution, stage })),
    );
    return entered.sort((one, other) => other.stage.entered - one.stage.entered)[0];
}

function actionState(
    { name = "", configuration }: ActionDeclaration,
    stage: string,
    executions: ExecutionRecord[],
): object {
    const runs = executions.flatMap(({ stages }) => stages.filter((one) => one.name === stage));
    const records = runs.flatMap((one) => lastRun(one, name) ?? []);
    const [latest] = records.sort((one, other) => other.startTime - one.startTime);
    const [artifact] = latest?.outputArtifacts ?? [];
    return {
        actionName: name,
        entityUrl: latest?.resolvedConfiguration.ExternalEntityLink ?? configuration?.ExternalEntityLink,
        currentRevision: artifact?.revision && {
            revisionId: artifact.revision,
            revisionChangeId: artifact.revision,
            created: latest?.startTime,
        },
        latestExecution: latest && {
            actionExecutionId: latest.id,
            status: latest.status,
            summary: latest.summary,
            lastStatusChange: latest.lastUpdateTime,
            token: latest.status === "InProgress" ? latest.token : undefined,
            lastUpdatedBy: latest.updatedBy,
            externalExecutionId: latest.externalExecutionId,
            externalExecutionUrl: latest.externalExecutionUrl,
            errorDetails: latest.error,
        },
    };
}

/** Describes the runs of an execution's actions in the form of ListActionExecutions, the newest first. */
export function describeActions(execution: ExecutionRecord): object[] {
    const all = execution.stages.flatMap((stage) => stage.actions.map((record) => ({ stage: stage.name, record })));
    return all
        .sort((one, other) => other.record.startTime - one.record.startTime)
        .map(({ stage, record }) => describeAction(execution, stage, record));
}

function describeAction(execution: ExecutionRecord, stage: string, record: ActionRecord): object {
    const action = declaredStage(execution, stage)?.actions?.find(({ name }) => name === record.name);
    return {
        pipelineExecutionId: execution.id,
        actionExecutionId: record.id,
        pipelineVersion: execution.pipeline.version,
        stageName: stage,
        actionName: record.name,
        startTime: record.startTime,
        lastUpdateTime: record.lastUpdateTime,
        updatedBy: record.updatedBy,
        status: record.status,
        input: {
            actionTypeId: action?.actionTypeId,
            configuration: action?.configuration,
            resolvedConfiguration: record.resolvedConfiguration,
            roleArn: action?.roleArn,
            region: action?.region,
            inputArtifacts: record.inputArtifacts.map(place),
            namespace: action?.namespace,
        },
        output: {
            outputArtifacts: record.outputArtifacts.map(place),
            executionResult: {
                externalExecutionId: record.externalExecutionId,
                externalExecutionSummary: record.summary,
                externalExecutionUrl: record.externalExecutionUrl,
                errorDetails: record.error,
            },
            outputVariables: record.outputVariables,
        },
    };
}

function place({ name, bucket, key }: ArtifactRecord): object {
    return { name, s3location: { bucket, key } };
}
