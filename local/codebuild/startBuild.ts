import * as fs from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { StartBuildCommandInput } from "@aws-sdk/client-codebuild";
import type { BuildRecord } from "./buildRecord";
import type { BuildRequest } from "./request";
import { RequestError } from "./requestError";

/** What the API hands to the process that runs a build. */
export interface StartRequest {
    /** Members of StartBuild. */
    start: Partial<StartBuildCommandInput>;
    /** Name of the caller. */
    initiator: string;
}

/** What that process answers in its first line: the build, or why there is none. */
export type StartReply = { build: BuildRecord } | { code: string; message: string };

/**
 * The request of a call of the API. The source is a folder of this machine, named as sourceLocationOverride; by default
 * the repository.
 *
 * @throws RequestError when the call cannot be met
 */
export async function toBuildRequest({ start, initiator }: StartRequest, repository: string): Promise<BuildRequest> {
    const { projectName, sourceLocationOverride, sourceVersion } = start;
    if (typeof projectName !== "string") throw invalid("projectName is missing.");
    return {
        start: { ...start, projectName },
        sourceDirectory: sourceLocationOverride === undefined ? repository : await localFolder(sourceLocationOverride),
        checkout: sourceVersion,
        initiator,
    };
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
