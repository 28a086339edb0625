import type { BuildPhaseType, StatusType } from "@aws-sdk/client-codebuild";
import type { BuildspecPhase, PhaseSpec } from "./buildspec";

/** Phase of a build. */
export type PhaseType = BuildPhaseType;

/** State of a build or of a phase. */
export type Status = StatusType;

/** Final status of a phase. */
export type EndStatus = Exclude<Status, "IN_PROGRESS">;

/** Phases that follow a successful phase and a failed one. */
interface Transition {
    succeeded: PhaseType;
    failed: PhaseType;
}

/**
 * Transitions between phases. After a failed build the post_build phase still runs; after a failed install or pre_build no further commands
 * of the buildspec do.
 * Source: CodeBuild user guide, "Build phase transitions".
 */
const transitions: Record<Exclude<PhaseType, "COMPLETED">, Transition> = {
    SUBMITTED: { succeeded: "QUEUED", failed: "FINALIZING" },
    QUEUED: { succeeded: "PROVISIONING", failed: "FINALIZING" },
    PROVISIONING: { succeeded: "DOWNLOAD_SOURCE", failed: "FINALIZING" },
    DOWNLOAD_SOURCE: { succeeded: "INSTALL", failed: "FINALIZING" },
    INSTALL: { succeeded: "PRE_BUILD", failed: "FINALIZING" },
    PRE_BUILD: { succeeded: "BUILD", failed: "FINALIZING" },
    BUILD: { succeeded: "POST_BUILD", failed: "POST_BUILD" },
    POST_BUILD: { succeeded: "UPLOAD_ARTIFACTS", failed: "UPLOAD_ARTIFACTS" },
    UPLOAD_ARTIFACTS: { succeeded: "FINALIZING", failed: "FINALIZING" },
    FINALIZING: { succeeded: "COMPLETED", failed: "COMPLETED" },
};

/** Buildspec keys of the phases. */
export const buildspecPhaseOf: Partial<Record<PhaseType, BuildspecPhase>> = {
    INSTALL: "install",
    PRE_BUILD: "pre_build",
    BUILD: "build",
    POST_BUILD: "post_build",
};

/**
 * Returns the next phase. A build that timed out, was stopped or broke down ends at once.
 *
 * @param onFailure the buildspec's reaction to a failure of this phase; see PhaseSpec
 */
export function nextPhase(
    phase: Exclude<PhaseType, "COMPLETED">,
    status: EndStatus,
    onFailure?: PhaseSpec["onFailure"],
): PhaseType {
    const { succeeded, failed } = transitions[phase];
    if (status === "SUCCEEDED") return succeeded;
    if (phase === "FINALIZING") return failed;
    if (status !== "FAILED" || onFailure === "ABORT") return "FINALIZING";
    return onFailure === "CONTINUE" ? succeeded : failed;
}

/**
 * Runs the commands of a phase: up to the first failure, then those of `finally` in any case.
 *
 * @param run function that returns the exit status of a command
 * @returns the first command that failed, with its exit status or that of the shell which it ended; undefined when all succeeded
 */
export async function runCommands({ commands, finally: last }: PhaseSpec, run: (command: string) => Promise<number>) {
    const first = await runUntilFailure(commands, run);
    const second = await runUntilFailure(last, run);
    return first ?? second;
}

async function runUntilFailure(commands: string[], run: (command: string) => Promise<number>) {
    for (const command of commands) {
        const exitStatus = await run(command);
        if (exitStatus !== 0) return { command, exitStatus };
    }
    return undefined;
}

/** Finds the build's status after its phases: the first failure decides, whatever `on-failure` said. */
export function buildStatus(phases: EndStatus[]): EndStatus {
    return phases.find((status) => status !== "SUCCEEDED") ?? "SUCCEEDED";
}
