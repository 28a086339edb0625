import type { ActionExecutionDetail, PipelineExecutionStatus } from "@aws-sdk/client-codepipeline";

/** Run of an action, as it is told to the person who watches. Times are in milliseconds since 1970. */
export interface ActionProgress {
    /** UUID of the run. */
    id: string;
    stage: string;
    action: string;
    /** Whether the action waits for a person. */
    isApproval: boolean;
    status: string;
    start: number;
    /** Time of the last change: the end of an action that has ended. */
    end: number;
    /** Id of the build, or the commit of a source. @default - none */
    externalId?: string;
    /** Reason of a failure. @default - none */
    message?: string;
}

/** Selects what is told of a run of an action. */
export function actionProgress(detail: ActionExecutionDetail): ActionProgress {
    const { actionExecutionId = "", stageName = "", actionName = "", status = "", startTime, lastUpdateTime } = detail;
    const { externalExecutionId, errorDetails } = detail.output?.executionResult ?? {};
    return {
        id: actionExecutionId,
        stage: stageName,
        action: actionName,
        isApproval: detail.input?.actionTypeId?.category === "Approval",
        status,
        start: Number(startTime),
        end: Number(lastUpdateTime),
        ...(externalExecutionId !== undefined && { externalId: externalExecutionId }),
        ...(errorDetails?.message !== undefined && { message: errorDetails.message }),
    };
}

/**
 * Renders what has changed since the last look: one line for each action that started, and one for each that ended.
 *
 * @param before runs of the last look
 * @param after runs of this look, in the order of their starts
 */
export function progressLines(before: ActionProgress[], after: ActionProgress[]): string[] {
    return after.flatMap((run) => {
        const known = before.find(({ id }) => id === run.id);
        const started = known === undefined ? [`${nameOf(run)} started`] : [];
        const ended = run.status !== "InProgress" && known?.status !== run.status ? [endLine(run)] : [];
        return [...started, ...ended];
    });
}

function endLine(run: ActionProgress): string {
    const id = run.externalId === undefined ? "" : ` (${run.externalId})`;
    const reason = run.message === undefined ? "" : `: ${run.message}`;
    return `${nameOf(run)} ${run.status.toLowerCase()} after ${seconds(run.end - run.start)}${id}${reason}`;
}

/** Times of an execution, in milliseconds. */
export interface ExecutionTimes {
    /** Time of each stage, from the start of its first action to the end of its last one. */
    stages: { stage: string; time: number }[];
    /** Time that approvals waited. */
    approvals: number;
    /** Time from the start of the first action to the end of the last one that is no approval, without the approvals between. */
    toLastAction: number;
}

/** Computes the times of an execution. @param runs all runs of its actions, in the order of their starts */
export function executionTimes(runs: ActionProgress[]): ExecutionTimes {
    const names = [...new Set(runs.map(({ stage }) => stage))];
    const span = (some: ActionProgress[]) =>
        some.length === 0 ? 0 : Math.max(...some.map(({ end }) => end)) - Math.min(...some.map(({ start }) => start));
    const work = runs.filter(({ isApproval }) => !isApproval);
    const end = Math.max(0, ...work.map((run) => run.end));
    const waits = runs.filter((run) => run.isApproval);
    const sum = (some: ActionProgress[]) => some.reduce((total, run) => total + run.end - run.start, 0);
    return {
        stages: names.map((stage) => ({ stage, time: span(runs.filter((run) => run.stage === stage)) })),
        approvals: sum(waits),
        toLastAction: span(work) - sum(waits.filter((run) => run.end <= end)),
    };
}

/** Renders the summary of an execution that ended. */
export function summaryLines(id: string, status: PipelineExecutionStatus, runs: ActionProgress[]): string[] {
    const { stages, approvals, toLastAction } = executionTimes(runs);
    return [
        `Execution ${id}: ${status}`,
        ...stages.map(({ stage, time }) => `  ${stage}: ${seconds(time)}`),
        `From the source to the end of the last action, without approvals: ${seconds(toLastAction)}`,
        ...(approvals > 0 ? [`Approvals waited ${seconds(approvals)}`] : []),
    ];
}

function nameOf({ stage, action }: ActionProgress): string {
    return `${stage} / ${action}`;
}

function seconds(milliseconds: number): string {
    return `${(milliseconds / 1000).toFixed(1)} s`;
}
