import * as fs from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { StartBuildCommandInput } from "@aws-sdk/client-codebuild";
import type { BuildRecord } from "./buildRecord";
import type { PipelineBuild } from "./pipelineBuild";
import type { BuildRequest } from "./request";
import { RequestError } from "../requestError";
import type { SourceArchive } from "./sourceArchive";

/** Request that the API sends to the process of a build. */
export interface StartRequest {
    /** Members of StartBuild. */
    start: Partial<StartBuildCommandInput>;
    /** Name of the caller. */
    initiator: string;
    /** Part of a build that a pipeline starts. @default - no pipeline starts it */
    pipeline?: PipelineBuild;
}

/** First line of the process's answer: the build, or the reason why there is none. */
export type StartReply = { build: BuildRecord } | { code: string; message: string };

/**
 * Makes the request of an API call. The source is a folder of this machine, named as sourceLocationOverride, by default the repository.
 * With the sourceTypeOverride S3 it is the archive that sourceLocationOverride names, and for a pipeline its artifact.
 *
 * @throws RequestError when the call cannot be met
 */
export async function toBuildRequest(
    { start, initiator, pipeline }: StartRequest,
    repository: string,
): Promise<BuildRequest> {
    const { projectName, sourceTypeOverride, sourceLocationOverride, sourceVersion } = start;
    if (typeof projectName !== "string") throw invalid("projectName is missing.");
    const request = { start: { ...start, projectName }, sourceDirectory: repository, initiator };
    if (pipeline !== undefined) return { ...request, pipeline, sourceArchive: pipeline.inputs[0] };
    if (sourceTypeOverride === "S3") {
        if (sourceVersion !== undefined) {
            throw invalid(`sourceVersion is "${sourceVersion}"; offline an archive in S3 has no versions.`);
        }
        return { ...request, sourceArchive: archiveOf(sourceLocationOverride) };
    }
    if (sourceLocationOverride !== undefined) request.sourceDirectory = await localFolder(sourceLocationOverride);
    return { ...request, checkout: sourceVersion };
}

function archiveOf(location = ""): SourceArchive {
    const [, bucket, key] = /^(?:arn:aws:s3:::)?([^/]+)\/(.*[^/])$/.exec(location) ?? [];
    if (bucket !== undefined && key !== undefined) return { bucket, key };
    throw invalid(`sourceLocationOverride is "${location}"; offline a source in S3 is a ZIP archive, as bucket/key.`);
}

async function localFolder(location: string): Promise<string> {
    const folder = location.startsWith("file://") ? fileURLToPath(location) : location;
    const status = await fs.stat(folder).catch(() => undefined);
    if (folder.startsWith("/") && status?.isDirectory()) return folder;
    throw invalid(`sourceLocationOverride is "${location}"; offline it must be a folder of this machine.`);
}

function invalid(message: string): RequestError {
    return new RequestError("InvalidInputException", message);
}
