import type {
    PipelineVariable,
    SourceRevisionOverride,
    StageRetryMode,
    StartPipelineExecutionInput,
} from "@aws-sdk/client-codepipeline";
import { describeActions, describeExecution, describeState, summarizeExecution } from "../../pipeline/describe";
import type { ExecutionStore } from "../../pipeline/executionStore";
import type { Pipelines, StoredPipeline } from "../../pipeline/pipelines";
import { declaredStage, type ExecutionRecord, lastRun } from "../../pipeline/records";
import type { PipelineRunner } from "../../pipeline/runner";
import { RequestError } from "../../requestError";
import type { ApiCall } from "../call/apiRequest";
import { type CallHandler, jsonAnswer } from "../call/callHandler";
import type { Principals } from "../iam/principals";
import { pageOf } from "../call/page";

/** Parts of the gateway that serve calls about executions of pipelines. */
export interface ExecutionContext {
    /** Declared pipelines. */
    pipelines: Pipelines;
    /** Executions of pipelines. */
    pipelineExecutions: ExecutionStore;
    /** Runner of the executions. */
    pipelineRunner: PipelineRunner;
    /** Owners of access keys. */
    principals: Principals;
}

/** Handlers of the calls about executions of pipelines, which the emulator lacks. */
export const executionCalls: Record<string, CallHandler<ExecutionContext>> = {
    "codepipeline:StartPipelineExecution": ({ accessKeyId, members }, context) => {
        const { name, variables = [], sourceRevisions = [] } = members as unknown as StartPipelineExecutionInput;
        const { pipeline } = context.pipelines.existing(String(name));
        const execution = context.pipelineRunner.start(pipeline, {
            trigger: {
                triggerType: "StartPipelineExecution",
                triggerDetail: context.principals.of(accessKeyId).arn,
            },
            variables: variablesOf(pipeline, variables),
            sourceRevisions: checkedRevisions(pipeline, sourceRevisions),
        });
        return jsonAnswer({ pipelineExecutionId: execution.id });
    },
    "codepipeline:StopPipelineExecution": (call, context) => {
        const execution = executionOf(call, context);
        const { abandon, reason } = call.members as { abandon?: boolean; reason?: string };
        context.pipelineRunner.stop(execution, { abandon, reason });
        return jsonAnswer({ pipelineExecutionId: execution.id });
    },
    "codepipeline:RetryStageExecution": (call, context) => {
        const execution = executionOf(call, context);
        const stageName = String(call.members.stageName);
        if (declaredStage(execution, stageName) === undefined) throw noStage(stageName);
        const { pipeline } = context.pipelines.existing(execution.pipeline.name);
        context.pipelineRunner.retry(execution, stageName, {
            pipeline,
            mode: call.members.retryMode as StageRetryMode,
        });
        return jsonAnswer({ pipelineExecutionId: execution.id });
    },
    "codepipeline:PutApprovalResult": putApprovalResult,
    "codepipeline:GetPipelineExecution": (call, context) =>
        jsonAnswer({ pipelineExecution: describeExecution(executionOf(call, context)) }),
    "codepipeline:GetPipelineState": ({ members }, { pipelines, pipelineExecutions }) => {
        const name = String(members.name);
        return jsonAnswer(describeState(pipelines.existing(name), pipelineExecutions.list(name)));
    },
    "codepipeline:ListPipelineExecutions": ({ members }, { pipelines, pipelineExecutions }) => {
        const { name } = pipelines.existing(String(members.pipelineName)).pipeline;
        const { items, nextToken } = pageOf(pipelineExecutions.list(name).map(summarizeExecution), members);
        return jsonAnswer({ pipelineExecutionSummaries: items, nextToken });
    },
    "codepipeline:ListActionExecutions": ({ members }, { pipelines, pipelineExecutions }) => {
        const { name } = pipelines.existing(String(members.pipelineName)).pipeline;
        const { pipelineExecutionId: id } = (members.filter ?? {}) as { pipelineExecutionId?: string };
        const executions = pipelineExecutions.list(name).filter((one) => id === undefined || one.id === id);
        const { items, nextToken } = pageOf(executions.flatMap(describeActions), members);
        return jsonAnswer({ actionExecutionDetails: items, nextToken });
    },
};

function executionOf({ members }: ApiCall, { pipelines, pipelineExecutions }: ExecutionContext): ExecutionRecord {
    const { name } = pipelines.existing(String(members.pipelineName)).pipeline;
    const id = String(members.pipelineExecutionId);
    const execution = pipelineExecutions.find(name, id);
    if (execution !== undefined) return execution;
    const sentence = `The pipeline ${name} has no execution with the id ${id}.`;
    throw new RequestError("PipelineExecutionNotFoundException", sentence);
}

/** Answers the approval that is open in an action. */
function putApprovalResult({ accessKeyId, members }: ApiCall, context: ExecutionContext) {
    const { stageName, actionName, token } = members as Record<string, string>;
    const { status, summary } = members.result as { status: "Approved" | "Rejected"; summary: string };
    const { pipeline } = context.pipelines.existing(String(members.pipelineName));
    const stage = declaredStage({ pipeline }, stageName ?? "");
    if (stage === undefined) throw noStage(stageName);
    if (!stage.actions?.some(({ name }) => name === actionName)) {
        const sentence = `The stage ${stageName} has no action ${actionName}.`;
        throw new RequestError("ActionNotFoundException", sentence);
    }
    const stages = context.pipelineExecutions.list(pipeline.name).flatMap((execution) => execution.stages);
    const runs = stages.flatMap((one) => (one.name === stageName ? (lastRun(one, actionName ?? "") ?? []) : []));
    if (token === undefined || !runs.some((run) => run.token === token)) {
        const sentence = `The token is not that of an approval of ${actionName}.`;
        throw new RequestError("InvalidApprovalTokenException", sentence);
    }
    const by = context.principals.of(accessKeyId).arn;
    if (!context.pipelineRunner.approvals.answer(token, { status, summary, by })) {
        const sentence = `The approval ${actionName} is not open any more.`;
        throw new RequestError("ApprovalAlreadyCompletedException", sentence);
    }
    return jsonAnswer({ approvedAt: Date.now() / 1000 });
}

function noStage(name: unknown): RequestError {
    return new RequestError("StageNotFoundException", `The pipeline has no stage ${String(name)}.`);
}

/** Merges the values of a start with the defaults. @throws RequestError for an unknown variable, and for one without a value */
function variablesOf(
    { variables = [] }: StoredPipeline["pipeline"],
    given: PipelineVariable[],
): Record<string, string> {
    const unknown = given.find(({ name }) => !variables.some((declared) => declared.name === name));
    if (unknown !== undefined) throw invalid(`The pipeline has no variable ${unknown.name}.`);
    const values = variables.map(({ name = "", defaultValue }) => {
        const value = given.find((one) => one.name === name)?.value ?? defaultValue;
        if (value === undefined)
            throw invalid(`The variable ${name} has no default value, so the start must give one.`);
        return [name, value] as const;
    });
    return Object.fromEntries(values);
}

function checkedRevisions(
    { stages = [] }: StoredPipeline["pipeline"],
    revisions: SourceRevisionOverride[],
): SourceRevisionOverride[] {
    const sources = stages[0]?.actions ?? [];
    for (const { actionName, revisionType, revisionValue = "" } of revisions) {
        if (!sources.some(({ name }) => name === actionName)) {
            throw invalid(`sourceRevisions names ${actionName}, which is no source action of the pipeline.`);
        }
        if (revisionType !== "COMMIT_ID" || !/^[0-9a-f]{40}([0-9a-f]{24})?$/.test(revisionValue)) {
            throw invalid(`The revision of ${actionName} is "${revisionValue}"; allowed: the COMMIT_ID of a commit.`);
        }
    }
    return revisions;
}

function invalid(message: string): RequestError {
    return new RequestError("ValidationException", message);
}
