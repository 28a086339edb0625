import type { Build, BuildArtifacts, BuildPhase, PhaseContext, ProjectArtifacts } from "@aws-sdk/client-codebuild";
import type { EndStatus, PhaseType, Status } from "./phases";
import type { EffectiveProject } from "./project";

/** Phase as BatchGetBuilds returns it, with times in seconds since 1970; a running one has no end. */
export interface PhaseRecord extends Omit<BuildPhase, "startTime" | "endTime"> {
    phaseType: PhaseType;
    startTime: number;
    endTime?: number;
}

/** Build in the form of BatchGetBuilds: the API's Build, with times in seconds since 1970. */
export interface BuildRecord extends Omit<Build, "startTime" | "endTime" | "phases"> {
    /** `project:uuid`. */
    id: string;
    arn: string;
    buildNumber: number;
    projectName: string;
    startTime: number;
    endTime?: number;
    currentPhase: PhaseType;
    buildStatus: Status;
    buildComplete: boolean;
    phases: PhaseRecord[];
    serviceRole: string;
    /** Whether the build used BuildKit; not part of the API. */
    builderStarted: boolean;
}

/** Values that a new build is recorded with. */
type NewBuild = Pick<BuildRecord, "buildNumber" | "initiator" | "sourceVersion" | "buildBatchArn"> &
    Record<"uuid" | "region" | "accountId", string> & { project: EffectiveProject };

/** Makes the record of a build that was just submitted. */
export function newBuildRecord({ project, uuid, region, accountId, ...rest }: NewBuild): BuildRecord {
    const id = `${project.name}:${uuid}`;
    return {
        id,
        arn: `arn:aws:codebuild:${region}:${accountId}:build/${id}`,
        ...rest,
        startTime: now(),
        currentPhase: "SUBMITTED",
        buildStatus: "IN_PROGRESS",
        projectName: project.name,
        phases: [],
        source: project.source,
        secondarySources: [],
        secondarySourceVersions: [],
        artifacts: artifactsRecord(project.artifacts),
        secondaryArtifacts: (project.secondaryArtifacts ?? []).map(artifactsRecord),
        cache: project.cache ?? { type: "NO_CACHE" },
        environment: project.environment,
        serviceRole: project.serviceRole,
        logs: { cloudWatchLogs: project.logsConfig?.cloudWatchLogs, s3Logs: project.logsConfig?.s3Logs },
        timeoutInMinutes: project.timeoutInMinutes,
        queuedTimeoutInMinutes: project.queuedTimeoutInMinutes ?? 480,
        buildComplete: false,
        encryptionKey: project.encryptionKey,
        exportedEnvironmentVariables: [],
        reportArns: [],
        builderStarted: false,
    };
}

function artifactsRecord(artifacts: ProjectArtifacts | undefined): BuildArtifacts {
    const { overrideArtifactName, encryptionDisabled, artifactIdentifier } = artifacts ?? {};
    return { location: "", overrideArtifactName, encryptionDisabled, artifactIdentifier };
}

/** Begins a phase. */
export function beginPhase(build: BuildRecord, phaseType: PhaseType): void {
    build.currentPhase = phaseType;
    build.phases.push({ phaseType, startTime: now() });
}

/** Ends the current phase. */
export function endPhase(build: BuildRecord, status: EndStatus, contexts: PhaseContext[]): void {
    const phase = build.phases.at(-1);
    if (phase === undefined) throw new Error("No phase was begun.");
    phase.phaseStatus = status;
    phase.endTime = now();
    phase.durationInSeconds = Math.round(phase.endTime - phase.startTime);
    phase.contexts = contexts;
}

/** Completes a build. */
export function completeBuild(build: BuildRecord, status: EndStatus): void {
    beginPhase(build, "COMPLETED");
    build.buildStatus = status;
    build.buildComplete = true;
    build.endTime = now();
}

/** Returns the seconds since 1970, to the millisecond, as AWS's JSON protocols write times. */
function now(): number {
    return Date.now() / 1000;
}
