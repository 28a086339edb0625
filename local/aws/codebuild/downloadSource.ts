import * as fs from "node:fs/promises";
import * as path from "node:path";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import type { Buildspec } from "./buildspec";
import { BuildspecError, parseBuildspec } from "./parseBuildspec";
import { secondaryDirectory, secondaryInputs } from "./pipelineBuild";
import { asRole, PhaseError } from "./phaseError";
import type { BuildRequest } from "./request";
import { copySource } from "./source";
import { type ArchiveAccess, fetchArchive } from "./sourceArchive";

/**
 * Fetches the source of a build: the archive that the request names, with the other artifacts of a pipeline, or its folder.
 *
 * @returns commit of the source; undefined for a source without commits
 * @throws PhaseError when the source cannot be fetched
 */
export async function deliverSource(
    { sourceArchive, sourceDirectory, checkout, pipeline }: BuildRequest,
    to: string,
    access: ArchiveAccess,
): Promise<string | undefined> {
    if (sourceArchive === undefined) return copySource(sourceDirectory, to, checkout);
    await fetchArchive(sourceArchive, to, access);
    for (const input of secondaryInputs(pipeline)) {
        await fetchArchive(input, secondaryDirectory(to, input), access);
    }
    return pipeline?.revision;
}

/** Possible places of a buildspec. */
export interface BuildspecPlace extends ArchiveAccess {
    /** Setting of the project or of the start of the build. @default buildspec.yml in the source */
    setting: string | undefined;
    sourceDirectory: string;
}

/** File that is read by default (user guide, "Buildspec file name and storage location"). */
const defaultFile = "buildspec.yml";

/**
 * Finds and reads the buildspec: the setting is its text, its path in the source, or its ARN in S3.
 *
 * @throws PhaseError in one line
 */
export async function readBuildspec(place: BuildspecPlace): Promise<Buildspec> {
    const text = await buildspecText(place);
    try {
        return parseBuildspec(text);
    } catch (error) {
        if (error instanceof BuildspecError) throw yamlError(error.message);
        throw error;
    }
}

async function buildspecText({ setting, sourceDirectory, s3, role }: BuildspecPlace): Promise<string> {
    if (setting !== undefined && setting.includes("\n")) return setting;
    const object = /^arn:[^:]+:s3:::([^/]+)\/(.+)$/.exec(setting ?? "");
    if (object !== null) {
        const call = { statusCode: "CLIENT_ERROR", role, action: "s3:GetObject", resource: setting ?? "" };
        const answer = await asRole(call, () => s3.send(new GetObjectCommand({ Bucket: object[1], Key: object[2] })));
        return (await answer.Body?.transformToString()) ?? "";
    }
    const file = setting === undefined || setting === "" ? defaultFile : setting;
    const location = path.resolve(sourceDirectory, file);
    if (!location.startsWith(`${sourceDirectory}/`)) throw yamlError(`The buildspec ${file} is outside the source.`);
    return fs.readFile(location, "utf8").catch((error: NodeJS.ErrnoException) => {
        if (error.code !== "ENOENT") throw error;
        throw yamlError(`The source has no buildspec ${file}.`);
    });
}

function yamlError(message: string): PhaseError {
    return new PhaseError("YAML_FILE_ERROR", message);
}
