import type { BuildRecord } from "./buildRecord";
import { secondaryDirectory, secondaryInputs } from "./pipelineBuild";
import type { EffectiveProject } from "./project";
import type { BuildRequest } from "./request";
import { webhookVariables } from "./webhook";

/** Facts that CodeBuild's own variables tell. */
export interface BuildFacts {
    build: Pick<
        BuildRecord,
        "arn" | "id" | "buildNumber" | "logs" | "resolvedSourceVersion" | "sourceVersion" | "startTime"
    >;
    project: Pick<EffectiveProject, "arn" | "encryptionKey" | "environment" | "source">;
    request: Pick<BuildRequest, "batch" | "initiator" | "pipeline" | "sourceDirectory" | "webhook">;
    region: string;
    /** Folder of the source on the build's host. */
    sourceDirectory: string;
}

/** Makes the variables that CodeBuild sets itself (user guide, "Environment variables in build environments"). */
export function builtInVariables({
    build,
    project,
    request,
    region,
    sourceDirectory,
}: BuildFacts): Record<string, string> {
    const values: Record<string, string | undefined> = {
        AWS_DEFAULT_REGION: region,
        AWS_REGION: region,
        CODEBUILD_BATCH_BUILD_IDENTIFIER: request.batch?.identifier,
        CODEBUILD_BUILD_ARN: build.arn,
        CODEBUILD_BUILD_ID: build.id,
        CODEBUILD_BUILD_IMAGE: project.environment?.image ?? "",
        CODEBUILD_BUILD_NUMBER: String(build.buildNumber),
        CODEBUILD_BUILD_SUCCEEDING: "1",
        CODEBUILD_INITIATOR: request.initiator,
        CODEBUILD_KMS_KEY_ID: project.encryptionKey,
        CODEBUILD_LOG_PATH: build.logs?.streamName,
        CODEBUILD_PROJECT_ARN: project.arn,
        CODEBUILD_RESOLVED_SOURCE_VERSION: build.resolvedSourceVersion,
        // A pipeline tells no address of its source.
        CODEBUILD_SOURCE_REPO_URL:
            request.pipeline === undefined ? (project.source?.location ?? request.sourceDirectory) : undefined,
        CODEBUILD_SOURCE_VERSION: build.sourceVersion,
        CODEBUILD_SRC_DIR: sourceDirectory,
        CODEBUILD_START_TIME: String(Math.round(build.startTime * 1000)),
        ...(request.webhook && webhookVariables(request.webhook)),
        ...Object.fromEntries(
            secondaryInputs(request.pipeline).map((input) => [
                `CODEBUILD_SRC_DIR_${input.name}`,
                secondaryDirectory(sourceDirectory, input),
            ]),
        ),
    };
    return Object.fromEntries(
        Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
    );
}
