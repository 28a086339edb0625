import { randomUUID } from "node:crypto";
import type { ExecutionTrigger, SourceRevisionOverride, StageRetryMode } from "@aws-sdk/client-codepipeline";
import { RequestError } from "../requestError";
import { Approvals } from "./approvals";
import { performBuild } from "./buildAction";
import type { StoredPipeline } from "./pipelines";
import { type ExecutionRecord, isOpen, now, type StageRecord } from "./records";
import { failInterrupted } from "./recovery";
import type { RunnerServices } from "./services";
import { performSource } from "./sourceAction";
import { StageGates } from "./stageGates";
import { Abandoned, runStage } from "./stageRun";
import { unsupportedPart } from "./unsupported";

/** Input of a new execution. */
export interface ExecutionInput {
    trigger: ExecutionTrigger;
    variables: Record<string, string>;
    sourceRevisions: SourceRevisionOverride[];
}

/** Control of an execution that runs. */
interface Running {
    execution: ExecutionRecord;
    /** Signal that no further action may begin. */
    stop: AbortController;
    /** Signal that running actions end; aborts with Abandoned, or with another error when the gateway ends. */
    leave: AbortController;
    done: Promise<void>;
}

/** Runner of all pipelines' executions. They share stages, so one process runs them: the gateway, which also answers about them. */
export class PipelineRunner {
    /** Open approvals of all executions. */
    readonly approvals = new Approvals();
    private readonly gates = new StageGates();
    private readonly running = new Map<string, Running>();
    private lastStart = 0;

    /** Executions that an earlier process left are recorded as failed. */
    constructor(private readonly services: RunnerServices) {
        failInterrupted(services);
    }

    /** Starts an execution. @throws RequestError for a pipeline that cannot be run here */
    start(pipeline: StoredPipeline["pipeline"], input: ExecutionInput): ExecutionRecord {
        this.refuseUnsupported(pipeline);
        // Later starts have later times, by which executions are compared.
        this.lastStart = Math.max(now(), this.lastStart + 0.001);
        const execution: ExecutionRecord = {
            id: randomUUID(),
            pipeline,
            status: "InProgress",
            startTime: this.lastStart,
            lastUpdateTime: this.lastStart,
            ...input,
            stages: [],
        };
        this.services.executions.save(execution);
        this.run(execution, 0, "ALL_ACTIONS");
        return execution;
    }

    /**
     * Stops an execution: when its running actions have ended, or at once with their builds.
     *
     * @throws RequestError when it has ended, or the same request was made before
     */
    stop({ id }: ExecutionRecord, { abandon = false, reason }: { abandon?: boolean; reason?: string }): void {
        const running = this.running.get(id);
        if (running === undefined) {
            const sentence = `The pipeline execution ${id} cannot be stopped: it is not in progress.`;
            throw new RequestError("PipelineExecutionNotStoppableException", sentence);
        }
        if (running.leave.signal.aborted || (running.stop.signal.aborted && !abandon)) {
            const sentence = `The pipeline execution ${id} is already in a Stopping state.`;
            throw new RequestError("DuplicatedStopRequestException", sentence);
        }
        const { execution } = running;
        execution.status = "Stopping";
        execution.stopTrigger = { reason };
        for (const stage of execution.stages) if (stage.status === "InProgress") stage.status = "Stopping";
        this.services.executions.save(execution);
        running.stop.abort();
        if (abandon) running.leave.abort(new Abandoned());
    }

    /**
     * Runs the failed actions of a stage again, or all, and then the stages behind it.
     *
     * @param pipeline present declaration, which is run from now on
     * @throws RequestError when the stage did not fail, is not the latest one, or is declared differently now
     */
    retry(
        execution: ExecutionRecord,
        stageName: string,
        { pipeline, mode }: { pipeline: StoredPipeline["pipeline"]; mode: StageRetryMode },
    ): void {
        const stage = execution.stages.find(({ name }) => name === stageName);
        const canRetry = !isOpen(execution) && (stage?.status === "Failed" || stage?.status === "Stopped");
        if (stage === undefined || !canRetry || structureOf(pipeline) !== structureOf(execution.pipeline)) {
            const sentence = `The stage ${stageName} of ${execution.id} cannot be retried: it has not failed, or the pipeline has other stages or actions now.`;
            throw new RequestError("StageNotRetryableException", sentence);
        }
        const others = this.services.executions.list(execution.pipeline.name);
        const entered = (other: ExecutionRecord) => other.stages.find(({ name }) => name === stageName)?.entered ?? 0;
        const latest = others.find((other) => entered(other) > stage.entered);
        if (latest !== undefined) {
            const sentence = `The stage ${stageName} was entered by the later execution ${latest.id}; retry that one.`;
            throw new RequestError("NotLatestPipelineExecutionException", sentence);
        }
        this.refuseUnsupported(pipeline);
        execution.pipeline = pipeline;
        execution.status = "InProgress";
        delete execution.statusSummary;
        delete execution.stopTrigger;
        const index = (pipeline.stages ?? []).findIndex(({ name }) => name === stageName);
        this.run(execution, index, mode);
    }

    /** Ends the executions of a deleted pipeline and forgets all. */
    async forget(pipeline: string): Promise<void> {
        const running = [...this.running.values()].filter(({ execution }) => execution.pipeline.name === pipeline);
        for (const { stop, leave } of running) {
            stop.abort();
            leave.abort(new Abandoned());
        }
        await Promise.all(running.map(({ done }) => done));
        this.services.executions.forget(pipeline);
    }

    /** Leaves all executions as they are recorded: the process ends. */
    async close(): Promise<void> {
        const running = [...this.running.values()];
        for (const { stop, leave } of running) {
            leave.abort(new Error("The gateway ends."));
            stop.abort();
        }
        await Promise.all(running.map(({ done }) => done));
    }

    private refuseUnsupported(pipeline: StoredPipeline["pipeline"]): void {
        const unsupported = unsupportedPart(pipeline, this.services.aws().region);
        if (unsupported !== undefined) throw new RequestError("ValidationException", unsupported);
    }

    private run(execution: ExecutionRecord, from: number, mode: StageRetryMode): void {
        const [stop, leave] = [new AbortController(), new AbortController()];
        const running: Running = { execution, stop, leave, done: Promise.resolve() };
        this.running.set(execution.id, running);
        running.done = this.stages(running, from, mode)
            .catch((error: unknown) => {
                // What the gateway leaves at its end stays recorded as in progress until it starts again.
                if (!leave.signal.aborted) console.error(error);
            })
            .finally(() => this.running.delete(execution.id));
    }

    private async stages(running: Running, from: number, mode: StageRetryMode): Promise<void> {
        const { execution, stop } = running;
        for (const [index, { name = "" }] of (execution.pipeline.stages ?? []).entries()) {
            if (index < from) continue;
            const status = await this.stage(running, name, index === from ? mode : "ALL_ACTIONS");
            if (status !== "Succeeded") return this.end(execution, status);
            if (stop.signal.aborted && index < (execution.pipeline.stages?.length ?? 0) - 1) {
                return this.end(execution, "Stopped");
            }
        }
        this.end(execution, "Succeeded");
    }

    /** Waits for a stage and runs it. @returns status of the execution behind it */
    private async stage(
        { execution, stop, leave }: Running,
        name: string,
        mode: StageRetryMode,
    ): Promise<"Succeeded" | "Failed" | "Stopped" | "Superseded"> {
        const { executions } = this.services;
        const gate = `${execution.pipeline.name}/${name}`;
        execution.waitingFor = name;
        executions.save(execution);
        const { executionMode = "SUPERSEDED" } = execution.pipeline;
        const entry = await this.gates.enter(gate, execution, executionMode, stop.signal);
        if (leave.signal.aborted && !(leave.signal.reason instanceof Abandoned)) throw leave.signal.reason as Error;
        delete execution.waitingFor;
        if (entry === "superseded") return "Superseded";
        if (entry === "aborted") return "Stopped";
        try {
            const stage = enterStage(execution, name);
            executions.save(execution);
            await runStage(stage, mode, {
                services: this.services,
                execution,
                performers: {
                    CodeBuild: performBuild,
                    CodeStarSourceConnection: performSource,
                    Manual: (run) => this.approvals.perform(run),
                },
                isStopping: () => stop.signal.aborted,
                signal: leave.signal,
            });
            return stage.status === "Succeeded" || stage.status === "Failed" ? stage.status : "Stopped";
        } finally {
            this.gates.leave(gate, execution.id);
        }
    }

    private end(execution: ExecutionRecord, status: ExecutionRecord["status"]): void {
        execution.status = status;
        this.services.executions.save(execution);
    }
}

function enterStage(execution: ExecutionRecord, name: string): StageRecord {
    const known = execution.stages.find((stage) => stage.name === name);
    const stage: StageRecord = known ?? { name, status: "InProgress", entered: 0, actions: [] };
    stage.status = "InProgress";
    stage.entered = now();
    if (known === undefined) execution.stages.push(stage);
    return stage;
}

/** Makes a text that is the same for pipelines with the same stages and actions. */
function structureOf({ stages = [] }: StoredPipeline["pipeline"]): string {
    return JSON.stringify(stages.map(({ name, actions = [] }) => [name, actions.map((action) => action.name)]));
}
