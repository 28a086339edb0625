import { setTimeout } from "node:timers/promises";
import { BatchGetBuildsCommand, type Build, CodeBuildClient, StartBuildCommand } from "@aws-sdk/client-codebuild";
import { z } from "zod";
import type { PipelineBuild } from "../codebuild/pipelineBuild";
import { ActionError, explained } from "./actionError";
import { type ActionRun, placeOfArtifact } from "./actionRun";
import type { ArtifactRecord } from "./records";

/** Interval (milliseconds) between looks at a running build. */
const interval = 500;

const environmentVariables = z.array(
    z.strictObject({
        name: z.string(),
        value: z.string(),
        type: z.enum(["PLAINTEXT", "PARAMETER_STORE", "SECRETS_MANAGER"]).optional(),
    }),
);

/**
 * Performs a CodeBuild action: starts a build of the project under the action's role, and waits for its end. An abandoned build is stopped.
 *
 * @throws ActionError when the role may not start or see the build, and when the build does not succeed
 * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodeBuild.html
 */
export async function performBuild(run: ActionRun): Promise<void> {
    const { services, execution, action, record, role, signal } = run;
    const { ProjectName = "", EnvironmentVariables = "[]" } = record.resolvedConfiguration;
    const { endpoint, region, accountId } = services.aws();
    const codebuild = new CodeBuildClient({ endpoint, region, credentials: role.credentials });
    const resource = `arn:aws:codebuild:${region}:${accountId}:project/${ProjectName}`;
    const outputs = (action.outputArtifacts ?? []).map(({ name = "" }) => placeOfArtifact(execution, name));
    const idempotencyToken = services.tickets.issue(pipelineBuild(run, outputs));
    const start = new StartBuildCommand({
        projectName: ProjectName,
        environmentVariablesOverride: parseVariables(EnvironmentVariables),
        idempotencyToken,
    });
    const { build } = await explained({ role: role.arn, action: "codebuild:StartBuild", resource }, () =>
        codebuild.send(start),
    ).finally(() => services.tickets.redeem(idempotencyToken));
    const id = build?.id ?? "";
    record.externalExecutionId = id;
    record.externalExecutionUrl = `https://console.aws.amazon.com/codebuild/home?region=${region}#/builds/${id}/view/new`;
    run.save();
    const call = { role: role.arn, action: "codebuild:BatchGetBuilds", resource };
    const look = async () => {
        const { builds = [] } = await explained(call, () => codebuild.send(new BatchGetBuildsCommand({ ids: [id] })));
        return builds[0];
    };
    const ended = await untilEnd(look, signal);
    if (ended.buildStatus !== "SUCCEEDED") throw new ActionError("JobFailed", failure(ended));
    record.outputArtifacts = outputs;
    record.outputVariables = Object.fromEntries(
        (ended.exportedEnvironmentVariables ?? []).map(({ name = "", value = "" }) => [name, value]),
    );
}

/** Looks at a build until it ends. @throws the signal's reason */
async function untilEnd(look: () => Promise<Build | undefined>, signal: AbortSignal): Promise<Build> {
    for (;;) {
        signal.throwIfAborted();
        const build = await look();
        if (build?.buildComplete) return build;
        await setTimeout(interval, undefined, { signal }).catch(() => undefined);
    }
}

function failure({ buildStatus, phases = [] }: Build): string {
    const failed = phases.find(({ phaseStatus = "SUCCEEDED" }) => phaseStatus !== "SUCCEEDED");
    const [context] = failed?.contexts ?? [];
    const cause = failed && ` Phase: ${failed.phaseType}, Code: ${context?.statusCode}, Message: ${context?.message}`;
    return `Build terminated with state: ${buildStatus}.${cause ?? ""}`;
}

function pipelineBuild({ execution, record }: ActionRun, outputs: ArtifactRecord[]): PipelineBuild {
    const { PrimarySource } = record.resolvedConfiguration;
    const inputs = [...record.inputArtifacts].sort(
        (one, other) => Number(other.name === PrimarySource) - Number(one.name === PrimarySource),
    );
    const [primary, ...others] = inputs;
    if (primary === undefined) {
        throw new ActionError("InvalidActionConfiguration", "A CodeBuild action needs an input artifact.");
    }
    const { revision } = primary;
    return { pipeline: execution.pipeline.name, inputs: [primary, ...others], revision, outputs };
}

/** Parses the variables of a build. @throws ActionError for a text of another form */
function parseVariables(text: string): z.infer<typeof environmentVariables> {
    let value: unknown;
    try {
        value = JSON.parse(text);
    } catch (error) {
        const reason = (error as Error).message;
        throw new ActionError("InvalidActionConfiguration", `EnvironmentVariables is no JSON text: ${reason}`);
    }
    const { data, error } = environmentVariables.safeParse(value);
    if (error === undefined) return data;
    const { path, message } = error.issues[0]!;
    throw new ActionError("InvalidActionConfiguration", `EnvironmentVariables[${path.join("].")}: ${message}.`);
}
