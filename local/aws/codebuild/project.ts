import {
    type CodeBuildClient,
    BatchGetProjectsCommand,
    type Project,
    type StartBuildCommandInput,
} from "@aws-sdk/client-codebuild";
import { variableName, variableNameRule } from "./environmentVariables";
import { exceededLimit } from "./projectLimits";
import { artifactsOf, type PipelineBuild } from "./pipelineBuild";
import { RequestError } from "../requestError";

/** Project with the overrides of one start of a build. */
export interface EffectiveProject extends Project {
    name: string;
    arn: string;
    serviceRole: string;
    /** Time limit of the build in minutes. */
    timeoutInMinutes: number;
    encryptionKey: string;
}

/** Members of the project that StartBuild's overrides replace (API reference, StartBuild). */
const overrides = {
    sourceVersion: ["sourceVersion"],
    artifactsOverride: ["artifacts"],
    secondaryArtifactsOverride: ["secondaryArtifacts"],
    sourceTypeOverride: ["source", "type"],
    sourceLocationOverride: ["source", "location"],
    sourceAuthOverride: ["source", "auth"],
    gitCloneDepthOverride: ["source", "gitCloneDepth"],
    gitSubmodulesConfigOverride: ["source", "gitSubmodulesConfig"],
    buildspecOverride: ["source", "buildspec"],
    insecureSslOverride: ["source", "insecureSsl"],
    reportBuildStatusOverride: ["source", "reportBuildStatus"],
    buildStatusConfigOverride: ["source", "buildStatusConfig"],
    environmentTypeOverride: ["environment", "type"],
    imageOverride: ["environment", "image"],
    computeTypeOverride: ["environment", "computeType"],
    certificateOverride: ["environment", "certificate"],
    privilegedModeOverride: ["environment", "privilegedMode"],
    registryCredentialOverride: ["environment", "registryCredential"],
    imagePullCredentialsTypeOverride: ["environment", "imagePullCredentialsType"],
    cacheOverride: ["cache"],
    serviceRoleOverride: ["serviceRole"],
    timeoutInMinutesOverride: ["timeoutInMinutes"],
    queuedTimeoutInMinutesOverride: ["queuedTimeoutInMinutes"],
    encryptionKeyOverride: ["encryptionKey"],
    logsConfigOverride: ["logsConfig"],
} as const satisfies Partial<Record<keyof StartBuildCommandInput, readonly string[]>>;

/** Members that need no place in the project. */
const others = ["projectName", "environmentVariablesOverride", "idempotencyToken", "autoRetryLimitOverride"];

type Tree = { [name: string]: unknown };

/**
 * Puts the overrides of a start into a project. Variables are merged by name.
 *
 * @param pipeline part of a build that a pipeline starts; its artifacts become those of the project
 * @throws RequestError for a member that has no effect offline, and for a project that cannot be built here
 */
export function applyOverrides(
    project: Project,
    start: StartBuildCommandInput,
    pipeline?: PipelineBuild,
): EffectiveProject {
    refuseOrigin(project, pipeline);
    const result = structuredClone(project) as Tree;
    for (const [member, value] of Object.entries(start)) {
        if (value === undefined || others.includes(member)) continue;
        const place = (overrides as Partial<Record<string, readonly string[]>>)[member];
        if (place === undefined) throw new RequestError("InvalidInputException", `${member} is not supported offline.`);
        put(result, place, value);
    }
    const effective = result as unknown as EffectiveProject;
    effective.timeoutInMinutes ??= 60;
    const variables = new Map(
        [...(project.environment?.environmentVariables ?? []), ...(start.environmentVariablesOverride ?? [])].map(
            (variable) => [variable.name, variable],
        ),
    );
    put(result, ["environment", "environmentVariables"], [...variables.values()]);
    refuse(effective);
    if (pipeline !== undefined) Object.assign(effective, artifactsOf(pipeline));
    return effective;
}

function put(tree: Tree, [name = "", ...rest]: readonly string[], value: unknown): void {
    if (rest.length === 0) tree[name] = value;
    else put((tree[name] ??= {}) as Tree, rest, value);
}

/** Refuses a pipeline's project where no pipeline starts the build, and the project of others where one does. */
function refuseOrigin({ name, source, artifacts }: Project, pipeline?: PipelineBuild): void {
    const types = [source?.type, artifacts?.type].map((type) => type === "CODEPIPELINE");
    if (pipeline === undefined && types.includes(true)) {
        throw invalid(`Project ${name} belongs to a pipeline, which alone can start its builds.`);
    }
    if (pipeline !== undefined && types.includes(false)) {
        const sentence = `Project ${name} has the source ${source?.type} and the artifacts ${artifacts?.type}`;
        throw invalid(`${sentence}; a pipeline builds projects that have CODEPIPELINE for both.`);
    }
}

function refuse({ name, source, secondarySources, environment }: EffectiveProject): void {
    if (secondarySources !== undefined && secondarySources.length > 0) {
        throw invalid(`Project ${name} has secondary sources, which are not supported offline.`);
    }
    const { environmentVariables } = environment ?? {};
    const exceeded = exceededLimit({ environmentVariables, buildspec: source?.buildspec });
    if (exceeded !== undefined) throw invalid(exceeded);
    for (const variable of environmentVariables ?? []) {
        if (variableName.test(variable.name ?? "")) continue;
        throw invalid(`There is a variable "${variable.name}"; ${variableNameRule}.`);
    }
}

function invalid(message: string): RequestError {
    return new RequestError("InvalidInputException", message);
}

/** Reads a project. @throws RequestError for an unknown name */
export async function readProject(codebuild: CodeBuildClient, name: string): Promise<Project> {
    const { projects } = await codebuild.send(new BatchGetProjectsCommand({ names: [name] }));
    const [project] = projects ?? [];
    if (project !== undefined) return project;
    throw new RequestError("ResourceNotFoundException", `Project cannot be found: ${name}`);
}
