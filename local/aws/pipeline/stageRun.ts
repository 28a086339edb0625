import { randomUUID } from "node:crypto";
import type { ActionDeclaration, StageRetryMode } from "@aws-sdk/client-codepipeline";
import { ActionError } from "./actionError";
import type { Perform } from "./actionRun";
import {
    type ActionRecord,
    declaredStage,
    type ExecutionRecord,
    finishedActions,
    lastRun,
    now,
    type StageRecord,
} from "./records";
import { actionRole } from "./roles";
import type { RunnerServices } from "./services";
import { stopBuild } from "./stopBuild";
import { orderOf } from "./structure";
import { namespacesOf, resolveConfiguration } from "./variables";

/** Reason why an action is left before its end, while the gateway goes on. */
export class Abandoned extends Error {}

/** Signals and parts of a running execution. */
export interface StageContext {
    services: RunnerServices;
    execution: ExecutionRecord;
    /** Functions of the actions' providers. */
    performers: Record<"CodeBuild" | "CodeStarSourceConnection" | "Manual", Perform>;
    /** Tells whether no further action may begin. */
    isStopping: () => boolean;
    /** Signal that ends running actions; its reason is Abandoned, or another error when the gateway ends. */
    signal: AbortSignal;
}

/**
 * Runs the actions of a stage: those of the same runOrder side by side, in the order of their numbers. Records the end of the stage.
 *
 * @param mode actions to run: the failed ones, or all
 * @throws the signal's reason when the gateway ends
 */
export async function runStage(stage: StageRecord, mode: StageRetryMode, context: StageContext): Promise<void> {
    const declared = declaredStage(context.execution, stage.name)?.actions ?? [];
    const isDone = ({ name = "" }: ActionDeclaration) => lastRun(stage, name)?.status === "Succeeded";
    const actions = declared.filter((action) => mode === "ALL_ACTIONS" || !isDone(action));
    for (const order of [...new Set(actions.map(orderOf))].sort((one, other) => one - other)) {
        if (context.isStopping()) return end(stage, "Stopped", context);
        const group = actions.filter((action) => orderOf(action) === order);
        const runs = await Promise.all(group.map((action) => runAction(stage, action, context)));
        if (runs.some(({ status }) => status === "Failed")) return end(stage, "Failed", context);
        if (runs.some(({ status }) => status === "Abandoned")) return end(stage, "Stopped", context);
    }
    end(stage, "Succeeded", context);
}

function end(stage: StageRecord, status: StageRecord["status"], { services, execution }: StageContext): void {
    stage.status = status;
    services.executions.save(execution);
}

async function runAction(stage: StageRecord, action: ActionDeclaration, context: StageContext): Promise<ActionRecord> {
    const { services, execution, signal } = context;
    const record = newRecord(action, execution);
    stage.actions.push(record);
    const save = () => {
        record.lastUpdateTime = now();
        services.executions.save(execution);
    };
    save();
    try {
        record.resolvedConfiguration = resolveConfiguration(action.configuration ?? {}, namespacesOf(execution));
        const role = actionRole(services.aws(), execution, action);
        const perform = context.performers[action.actionTypeId?.provider as keyof StageContext["performers"]];
        await perform({ services, execution, action, record, role, signal, save });
        record.status = "Succeeded";
    } catch (error) {
        if (signal.aborted && !(signal.reason instanceof Abandoned)) throw error;
        await leaveAction(record, error as Error, context);
    }
    save();
    return record;
}

/** Records the failure of an action, or that it was abandoned; its build is stopped then. */
async function leaveAction(record: ActionRecord, error: Error, { services, signal }: StageContext): Promise<void> {
    if (signal.aborted) {
        record.status = "Abandoned";
        return stopBuild(services.builds, record.externalExecutionId ?? "");
    }
    record.status = "Failed";
    if (!(error instanceof ActionError)) console.error(error);
    record.error = { code: error instanceof ActionError ? error.code : "InternalError", message: error.message };
}

function newRecord(action: ActionDeclaration, execution: ExecutionRecord): ActionRecord {
    const artifacts = finishedActions(execution).flatMap(({ run }) => run.outputArtifacts);
    const inputs = (action.inputArtifacts ?? []).flatMap(({ name }) => artifacts.filter((one) => one.name === name));
    return {
        id: randomUUID(),
        name: action.name ?? "",
        status: "InProgress",
        startTime: now(),
        lastUpdateTime: now(),
        resolvedConfiguration: {},
        inputArtifacts: inputs,
        outputArtifacts: [],
        outputVariables: {},
    };
}
