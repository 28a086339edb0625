import { type ExecutionRecord, isOpen, now } from "./records";
import type { RunnerServices } from "./services";
import { stopBuild } from "./stopBuild";

const interrupted = "The offline world ended while the execution ran; retry the stage, which continues it.";

/** Records executions that the end of a process interrupted as failed, or as stopped where that was asked, and stops their builds. */
export function failInterrupted({ executions, builds }: Pick<RunnerServices, "executions" | "builds">): void {
    for (const execution of executions.list().filter(isOpen)) {
        for (const build of interrupt(execution)) {
            stopBuild(builds, build).catch((error: unknown) => console.error(error));
        }
        executions.save(execution);
    }
}

/** Ends an execution as interrupted. @returns ids of its builds */
export function interrupt(execution: ExecutionRecord): string[] {
    const isStopping = execution.status === "Stopping";
    execution.status = isStopping ? "Stopped" : "Failed";
    execution.statusSummary = interrupted;
    const { waitingFor } = execution;
    const next = execution.stages.find(({ name }) => name === waitingFor);
    if (next !== undefined) next.status = "Failed";
    else if (waitingFor !== undefined) {
        execution.stages.push({ name: waitingFor, status: "Failed", entered: now(), actions: [] });
    }
    delete execution.waitingFor;
    const open = execution.stages.filter(({ status }) => status === "InProgress" || status === "Stopping");
    for (const stage of open) stage.status = isStopping ? "Stopped" : "Failed";
    const actions = open.flatMap((stage) => stage.actions).filter(({ status }) => status === "InProgress");
    for (const action of actions) {
        action.status = isStopping ? "Abandoned" : "Failed";
        action.error = { code: "InternalError", message: interrupted };
    }
    return actions.flatMap(({ externalExecutionId }) => externalExecutionId ?? []);
}
