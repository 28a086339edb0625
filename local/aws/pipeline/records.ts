import type {
    ActionDeclaration,
    ActionExecutionStatus,
    ErrorDetails,
    ExecutionTrigger,
    PipelineExecutionStatus,
    SourceRevisionOverride,
    StageDeclaration,
    StageExecutionStatus,
} from "@aws-sdk/client-codepipeline";
import type { StoredPipeline } from "./pipelines";

/** Artifact in the pipeline's bucket. */
export interface ArtifactRecord {
    name: string;
    bucket: string;
    key: string;
    /** Commit of a source's artifact. @default - none */
    revision?: string;
    /** Message of the commit. @default - none */
    revisionSummary?: string;
}

/** One run of an action. Times are in seconds since 1970. */
export interface ActionRecord {
    /** UUID of this run. */
    id: string;
    name: string;
    status: ActionExecutionStatus;
    startTime: number;
    lastUpdateTime: number;
    /** ARN of the person who answered an approval. */
    updatedBy?: string;
    summary?: string;
    /** Token of an approval. @default - none: no approval, or one that does not wait yet */
    token?: string;
    externalExecutionId?: string;
    externalExecutionUrl?: string;
    error?: ErrorDetails;
    resolvedConfiguration: Record<string, string>;
    inputArtifacts: ArtifactRecord[];
    outputArtifacts: ArtifactRecord[];
    outputVariables: Record<string, string>;
}

/** Stage that an execution entered. */
export interface StageRecord {
    name: string;
    status: StageExecutionStatus;
    /** Time of the last entry, in seconds since 1970. */
    entered: number;
    /** Runs of the actions, in the order of their starts; a retried action has several. */
    actions: ActionRecord[];
}

/** Execution of a pipeline. Times are in seconds since 1970. */
export interface ExecutionRecord {
    /** UUID. */
    id: string;
    /** Declaration that the execution runs. */
    pipeline: StoredPipeline["pipeline"];
    status: PipelineExecutionStatus;
    statusSummary?: string;
    startTime: number;
    lastUpdateTime: number;
    trigger: ExecutionTrigger;
    /** Request to stop. @default - none */
    stopTrigger?: { reason?: string };
    /** Values of the pipeline's variables. */
    variables: Record<string, string>;
    /** Revisions that the source actions take instead of the newest. */
    sourceRevisions: SourceRevisionOverride[];
    /** Stages entered so far. */
    stages: StageRecord[];
    /** Stage before which the execution waits. */
    waitingFor?: string;
}

/** Returns the present time in seconds since 1970, as AWS's JSON protocols write times. */
export function now(): number {
    return Date.now() / 1000;
}

/** Finds the last run of an action. */
export function lastRun({ actions }: StageRecord, action: string): ActionRecord | undefined {
    return actions.findLast(({ name }) => name === action);
}

/** Tells whether an execution has not ended. */
export function isOpen({ status }: ExecutionRecord): boolean {
    return status === "InProgress" || status === "Stopping";
}

/** Lists the actions that ended well, with the results of their last runs. */
export function finishedActions({
    pipeline,
    stages,
}: ExecutionRecord): { action: ActionDeclaration; run: ActionRecord }[] {
    const declared = (stage: string) => pipeline.stages?.find(({ name }) => name === stage)?.actions ?? [];
    return stages.flatMap((stage) =>
        declared(stage.name).flatMap((action) => {
            const run = lastRun(stage, action.name ?? "");
            return run?.status === "Succeeded" ? [{ action, run }] : [];
        }),
    );
}

/** Finds the declaration of a stage. */
export function declaredStage(
    { pipeline }: Pick<ExecutionRecord, "pipeline">,
    name: string,
): StageDeclaration | undefined {
    return pipeline.stages?.find((stage) => stage.name === name);
}
