import { randomUUID } from "node:crypto";
import * as path from "node:path";
import { CodeBuildClient } from "@aws-sdk/client-codebuild";
import { beginPhase, type BuildRecord, completeBuild, endPhase, newBuildRecord } from "./buildRecord";
import { BuildSession } from "./buildSession";
import { administratorSettings } from "../../world/services/world";
import { BuildEnded, endSignal } from "./endSignal";
import type { LogSink } from "./logs";
import { PhaseError } from "./phaseError";
import { buildspecPhaseOf, buildStatus, type EndStatus, nextPhase, type PhaseType } from "./phases";
import { applyOverrides, type EffectiveProject, readProject } from "./project";
import type { BuildHost, BuildRequest } from "./request";
import { archiveArn } from "./sourceArchive";
import { webhookSourceVersion } from "./webhook";

/** Build that is recorded and can be run. */
export interface SubmittedBuild {
    request: BuildRequest;
    project: EffectiveProject;
    build: BuildRecord;
}

/** Names the folder of all builds' hosts; each host's own folder is removed with the host. @param world absolute path of the world's folder */
export function hostsDirectory(world: string): string {
    return path.join(world, "data", "codebuild");
}

/**
 * Records a new build.
 *
 * @throws RequestError for a missing project or a request that cannot be met
 */
export async function submitBuild(request: BuildRequest, host: BuildHost): Promise<SubmittedBuild> {
    const { world, store } = host;
    const codebuild = new CodeBuildClient(administratorSettings(world));
    const declared = await readProject(codebuild, request.start.projectName);
    const project = applyOverrides(declared, request.start, request.pipeline);
    const sourceVersion =
        request.start.sourceVersion ??
        (request.webhook && webhookSourceVersion(request.webhook)) ??
        (request.sourceArchive && archiveArn(request.sourceArchive));
    const build = await store.create(project.name, (buildNumber) =>
        newBuildRecord({
            project,
            uuid: randomUUID(),
            buildNumber,
            region: world.region,
            accountId: world.accountId,
            initiator: request.initiator,
            sourceVersion: sourceVersion ?? (project.sourceVersion || undefined),
            buildBatchArn: request.batch?.arn,
        }),
    );
    return { request, project, build };
}

/**
 * Runs a build to its end.
 *
 * @param sinks places of the log besides those of the project
 * @param signal signal that stops the build
 * @returns its final record
 */
export async function runBuild(
    submitted: SubmittedBuild,
    host: BuildHost,
    sinks: LogSink[],
    signal: AbortSignal,
): Promise<BuildRecord> {
    const { build } = submitted;
    const end = endSignal({ build, store: host.store, signal });
    const folder = path.join(hostsDirectory(host.directory), build.id.slice(-36, -28));
    const session = new BuildSession({ ...submitted, host, folder, sinks, signal: end.signal });
    const statuses: EndStatus[] = [];
    try {
        let phase: PhaseType = "SUBMITTED";
        while (phase !== "COMPLETED") {
            const status = await runPhase(phase, session, host, build);
            statuses.push(status);
            const buildspecPhase = buildspecPhaseOf[phase];
            phase = nextPhase(phase, status, buildspecPhase && session.buildspec?.phases[buildspecPhase]?.onFailure);
        }
    } finally {
        end.release();
    }
    completeBuild(build, buildStatus(statuses));
    await host.store.write(build);
    return build;
}

async function runPhase(
    phase: Exclude<PhaseType, "COMPLETED">,
    session: BuildSession,
    { store }: BuildHost,
    build: BuildRecord,
): Promise<EndStatus> {
    beginPhase(build, phase);
    await store.write(build);
    const { status, statusCode = "", message = "" } = await outcomeOf(() => session.run(phase));
    await session.phaseEnded(phase, status, statusCode, message);
    endPhase(build, status, [{ statusCode, message }]);
    await store.write(build);
    return status;
}

interface Outcome {
    status: EndStatus;
    statusCode?: string;
    message?: string;
}

async function outcomeOf(run: () => Promise<void>): Promise<Outcome> {
    try {
        await run();
        return { status: "SUCCEEDED" };
    } catch (error) {
        if (error instanceof BuildEnded) return error;
        if (error instanceof PhaseError)
            return { status: "FAILED", statusCode: error.statusCode, message: error.message };
        const { message, stack } = error as Error;
        console.error(stack);
        return { status: "FAULT", statusCode: "INTERNAL_SERVICE_ERROR", message };
    }
}
