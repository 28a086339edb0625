import { setTimeout } from "node:timers/promises";
import {
    type ActionExecutionDetail,
    type ApprovalResult,
    type CodePipelineClient,
    GetPipelineExecutionCommand,
    GetPipelineStateCommand,
    paginateListActionExecutions,
    type PipelineExecutionStatus,
    PutApprovalResultCommand,
    StartPipelineExecutionCommand,
    type StartPipelineExecutionInput,
    StopPipelineExecutionCommand,
} from "@aws-sdk/client-codepipeline";
import { type ActionProgress, actionProgress, progressLines, summaryLines } from "./pipelineReport";

/** Approval that waits for a person. */
export interface ApprovalQuestion {
    stage: string;
    action: string;
    /** Text of the action's CustomData, with its variables resolved. @default - empty */
    customData: string;
    /** Address of its ExternalEntityLink. @default - none */
    link?: string;
}

/** Execution to start and watch. */
export interface WatchedExecution {
    /** Client that starts, watches and stops. */
    client: CodePipelineClient;
    /** Client that answers approvals. @default client */
    approver?: CodePipelineClient;
    /** Members of StartPipelineExecution. */
    start: StartPipelineExecutionInput & { name: string };
    /** Function that takes one line of the progress. */
    print: (line: string) => void;
    /** Function that answers an approval; its signal aborts when the answer is no longer needed. */
    answer: (question: ApprovalQuestion, signal: AbortSignal) => Promise<ApprovalResult>;
    /** Signal that stops the execution. */
    signal: AbortSignal;
}

/** Execution that ended. */
export interface EndedExecution {
    id: string;
    status: PipelineExecutionStatus;
    /** Runs of its actions, in the order of their starts. */
    actions: ActionProgress[];
}

/** Interval (milliseconds) between looks at the execution. */
const interval = 500;

/**
 * Starts an execution of a pipeline, tells its progress, and has approvals answered, to its end.
 *
 * @throws the signal's reason, or the fault of an answer, after the execution was stopped
 */
export async function runPipeline(watched: WatchedExecution): Promise<EndedExecution> {
    const { client, start, print, signal } = watched;
    const { pipelineExecutionId = "" } = await client.send(new StartPipelineExecutionCommand(start));
    print(`Execution ${pipelineExecutionId} of ${start.name}`);
    const execution = { pipelineName: start.name, pipelineExecutionId };
    const approvals = new OpenApprovals(watched);
    let actions: ActionProgress[] = [];
    let reason: Error | undefined;
    try {
        for (;;) {
            if (reason === undefined) {
                reason = signal.aborted ? (signal.reason as Error) : approvals.failure;
                if (reason !== undefined) await stop(client, execution);
            }
            // The status first: what it tells has happened before the actions are listed.
            const status = await statusOf(client, execution);
            const details = await actionsOf(client, execution);
            const now = details.map(actionProgress);
            for (const line of progressLines(actions, now)) print(line);
            actions = now;
            if (status !== "InProgress" && status !== "Stopping") {
                if (reason !== undefined) throw reason;
                for (const line of summaryLines(pipelineExecutionId, status, actions)) print(line);
                return { id: pipelineExecutionId, status, actions };
            }
            if (reason === undefined) await approvals.take(details);
            await pause(reason === undefined ? signal : undefined);
        }
    } finally {
        approvals.close();
    }
}

async function pause(signal?: AbortSignal): Promise<void> {
    await setTimeout(interval, undefined, { signal }).catch(() => undefined);
}

interface ExecutionName {
    pipelineName: string;
    pipelineExecutionId: string;
}

async function statusOf(client: CodePipelineClient, execution: ExecutionName): Promise<PipelineExecutionStatus> {
    const { pipelineExecution } = await client.send(new GetPipelineExecutionCommand(execution));
    return pipelineExecution?.status ?? "Failed";
}

/** Lists the runs of an execution's actions in the order of their starts. */
async function actionsOf(
    client: CodePipelineClient,
    { pipelineName, pipelineExecutionId }: ExecutionName,
): Promise<ActionExecutionDetail[]> {
    const details: ActionExecutionDetail[] = [];
    const pages = paginateListActionExecutions({ client }, { pipelineName, filter: { pipelineExecutionId } });
    for await (const { actionExecutionDetails = [] } of pages) details.push(...actionExecutionDetails);
    return details.reverse();
}

/** Stops an execution with its builds; one that has just ended is no fault. */
async function stop(client: CodePipelineClient, execution: ExecutionName): Promise<void> {
    const command = new StopPipelineExecutionCommand({ ...execution, abandon: true, reason: "Interrupted." });
    await client.send(command).catch((error: Error) => {
        if (error.name !== "PipelineExecutionNotStoppableException") throw error;
    });
}

/** Questions that are open. */
class OpenApprovals {
    private readonly open = new Map<string, AbortController>();
    /** Fault of an answer. */
    failure: Error | undefined;

    constructor(private readonly watched: WatchedExecution) {}

    /** Asks about approvals that have begun, and ends questions about those that have ended. */
    async take(details: ActionExecutionDetail[]): Promise<void> {
        const waiting = details.filter(
            ({ input, status }) => input?.actionTypeId?.category === "Approval" && status === "InProgress",
        );
        for (const [id, question] of this.open) {
            if (waiting.some(({ actionExecutionId }) => actionExecutionId === id)) continue;
            question.abort();
            this.open.delete(id);
        }
        for (const detail of waiting) {
            const { actionExecutionId: id = "" } = detail;
            const token = this.open.has(id) ? undefined : await this.tokenOf(detail);
            if (token === undefined) continue;
            const question = new AbortController();
            this.open.set(id, question);
            this.ask(detail, token, question.signal).catch((error: Error) => {
                if (!question.signal.aborted) this.failure = error;
            });
        }
    }

    /** Ends all questions. */
    close(): void {
        for (const question of this.open.values()) question.abort();
    }

    private async ask(
        { stageName = "", actionName = "", input }: ActionExecutionDetail,
        token: string,
        signal: AbortSignal,
    ) {
        const { client, approver = client, answer, start } = this.watched;
        const { CustomData: customData = "", ExternalEntityLink: link } = input?.resolvedConfiguration ?? {};
        const result = await answer({ stage: stageName, action: actionName, customData, link }, signal);
        signal.throwIfAborted();
        const command = { pipelineName: start.name, stageName, actionName, result, token };
        await approver.send(new PutApprovalResultCommand(command));
    }

    /** Finds the token of an approval; undefined where it is not open yet or no longer. */
    private async tokenOf({
        actionExecutionId,
        stageName,
        actionName,
    }: ActionExecutionDetail): Promise<string | undefined> {
        const { client, start } = this.watched;
        const { stageStates = [] } = await client.send(new GetPipelineStateCommand({ name: start.name }));
        const stage = stageStates.find((one) => one.stageName === stageName);
        const latest = stage?.actionStates?.find((one) => one.actionName === actionName)?.latestExecution;
        return latest?.actionExecutionId === actionExecutionId ? latest?.token : undefined;
    }
}
