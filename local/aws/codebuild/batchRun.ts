import { randomUUID } from "node:crypto";
import { CodeBuildClient, type ComputeType, type EnvironmentType, type Project } from "@aws-sdk/client-codebuild";
import { batchStatus, nextStep, type TaskState } from "./batch";
import { runBuild, submitBuild } from "./buildRun";
import type { BatchTask, Buildspec } from "./buildspec";
import { readBuildspec } from "./downloadSource";
import type { LogSink } from "./logs";
import { PhaseError } from "./phaseError";
import type { Status } from "./phases";
import { applyOverrides, readProject } from "./project";
import type { BuildHost, BuildRequest } from "./request";
import { RequestError } from "../requestError";
import { administratorSettings } from "../../world/services/world";
import { assumeRole, roleClients } from "./role";

/** Batch in the form of BatchGetBuildBatches, with times in seconds since 1970. A group without a build never began. */
export type BatchRecord = Awaited<ReturnType<typeof runBatch>>;

/**
 * Runs the tasks of the buildspec's batch, each as a build of its own, in the order of their dependencies.
 *
 * @param sinks function that makes the places of a task's log
 * @throws RequestError when the project or its buildspec has no batch, or one that its restrictions forbid
 */
export async function runBatch(
    request: BuildRequest,
    host: BuildHost,
    sinks: (identifier: string) => LogSink[],
    signal: AbortSignal,
) {
    const { world } = host;
    const codebuild = new CodeBuildClient(administratorSettings(world));
    const declared = await readProject(codebuild, request.start.projectName);
    const project = applyOverrides(declared, request.start);
    const uuid = randomUUID();
    const id = `${project.name}:${uuid}`;
    const arn = `arn:aws:codebuild:${world.region}:${world.accountId}:build-batch/${id}`;
    const serviceRole = declared.buildBatchConfig?.serviceRole;
    if (serviceRole === undefined)
        throw invalid(`Project ${project.name} has no buildBatchConfig, so it runs no batches.`);
    const session = { projectArn: project.arn, uuid, onCredentials: () => undefined };
    await assumeRole(world, { ...session, role: serviceRole });
    const { s3 } = roleClients(world, await assumeRole(world, { ...session, role: project.serviceRole }));
    const batch = await batchOf(project.source?.buildspec, request, { s3, role: project.serviceRole });
    checkRestrictions(batch.buildGraph, declared);

    const startTime = Date.now() / 1000;
    const run = new TaskRunner({ ...request, batch: { arn, identifier: "" } }, host, sinks, signal);
    const states = await run.all(batch);
    return {
        id,
        arn,
        projectName: project.name,
        startTime,
        endTime: Date.now() / 1000,
        buildBatchStatus: batchStatus(batch.buildGraph, states),
        complete: true as const,
        serviceRole,
        initiator: request.initiator,
        buildGroups: batch.buildGraph.map(({ identifier, dependOn, ignoreFailure }) => ({
            identifier,
            dependsOn: dependOn,
            ignoreFailure,
            currentBuildSummary: run.summaries.get(identifier),
        })),
    };
}

async function batchOf(
    setting: string | undefined,
    request: BuildRequest,
    access: Pick<Parameters<typeof readBuildspec>[0], "s3" | "role">,
): Promise<NonNullable<Buildspec["batch"]>> {
    const place = { setting, sourceDirectory: request.sourceDirectory, ...access };
    const { batch } = await readBuildspec(place).catch((error: unknown) => {
        throw error instanceof PhaseError ? invalid(error.message) : error;
    });
    if (batch === undefined || batch.buildGraph.length === 0)
        throw invalid("The buildspec has no batch with a build-graph.");
    return batch;
}

function checkRestrictions(tasks: BatchTask[], { name, buildBatchConfig, environment }: Project): void {
    const { maximumBuildsAllowed: most, computeTypesAllowed: allowed = [] } = buildBatchConfig?.restrictions ?? {};
    if (most !== undefined && tasks.length > most) {
        throw invalid(`The batch has ${tasks.length} builds; project ${name} allows ${most}.`);
    }
    for (const task of tasks) {
        const computeType = task.env?.computeType ?? environment?.computeType ?? "";
        if (allowed.length === 0 || allowed.includes(computeType)) continue;
        throw invalid(`Task ${task.identifier} asks for ${computeType}; project ${name} allows ${allowed.join(", ")}.`);
    }
}

/** Runner of one batch's tasks, with the builds that it started. */
class TaskRunner {
    /** Builds by task. */
    readonly summaries = new Map<string, { arn: string; requestedOn: number; buildStatus: Status }>();
    private readonly states = new Map<string, TaskState>();
    private readonly fastFail = new AbortController();
    private readonly ending: AbortSignal;

    constructor(
        private readonly request: BuildRequest & { batch: { arn: string } },
        private readonly host: BuildHost,
        private readonly sinks: (identifier: string) => LogSink[],
        signal: AbortSignal,
    ) {
        this.ending = AbortSignal.any([signal, this.fastFail.signal]);
    }

    async all({
        buildGraph: tasks,
        fastFail,
    }: NonNullable<Buildspec["batch"]>): Promise<ReadonlyMap<string, TaskState>> {
        for (const { identifier } of tasks) this.states.set(identifier, "PENDING");
        const running = new Map<string, Promise<string>>();
        for (;;) {
            this.stopHopeless(tasks);
            for (const task of nextStep(tasks, this.states).start) running.set(task.identifier, this.one(task));
            if (running.size === 0) return this.states;
            const ended = await Promise.race(running.values());
            running.delete(ended);
            const isIgnored = tasks.find(({ identifier }) => identifier === ended)?.ignoreFailure ?? false;
            if (fastFail && !isIgnored && this.states.get(ended) !== "SUCCEEDED") this.fastFail.abort();
        }
    }

    /** Stops tasks that can never begin: those that depend on a failed one, and all when the batch ends. */
    private stopHopeless(tasks: BatchTask[]): void {
        for (;;) {
            const { start, stop } = nextStep(tasks, this.states);
            const hopeless = this.ending.aborted ? [...start, ...stop] : stop;
            if (hopeless.length === 0) return;
            for (const { identifier } of hopeless) this.states.set(identifier, "STOPPED");
        }
    }

    /** Runs one task. @returns the task's identifier when its build has ended */
    private async one(task: BatchTask): Promise<string> {
        const { identifier } = task;
        this.states.set(identifier, "IN_PROGRESS");
        const submitted = await submitBuild(requestOf(task, this.request), this.host);
        const requestedOn = submitted.build.startTime;
        const { arn, buildStatus } = await runBuild(submitted, this.host, this.sinks(identifier), this.ending);
        this.summaries.set(identifier, { arn, requestedOn, buildStatus });
        this.states.set(identifier, buildStatus);
        return identifier;
    }
}

/** Makes the build request of a task: the project with the task's changes. Variables of the command win over those of the task. */
function requestOf(task: BatchTask, request: BuildRequest & { batch: { arn: string } }): BuildRequest {
    const { start } = request;
    const { computeType, image, type, privilegedMode, variables = {} } = task.env ?? {};
    return {
        ...request,
        batch: { arn: request.batch.arn, identifier: task.identifier },
        start: {
            ...start,
            buildspecOverride: task.buildspec ?? start.buildspecOverride,
            computeTypeOverride: (computeType as ComputeType) ?? start.computeTypeOverride,
            imageOverride: image ?? start.imageOverride,
            environmentTypeOverride: (type as EnvironmentType) ?? start.environmentTypeOverride,
            privilegedModeOverride: privilegedMode ?? start.privilegedModeOverride,
            environmentVariablesOverride: [
                ...Object.entries(variables).map(([name, value]) => ({ name, value })),
                ...(start.environmentVariablesOverride ?? []),
            ],
        },
    };
}

function invalid(message: string): RequestError {
    return new RequestError("InvalidInputException", message);
}
