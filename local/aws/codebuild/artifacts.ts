import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { ProjectArtifacts } from "@aws-sdk/client-codebuild";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import type { ArtifactSpec } from "./buildspec";
import { matchingDirectories, matchingFiles } from "./glob";
import { asRole, PhaseError } from "./phaseError";
import type { UploadContext } from "./upload";
import { zipFiles } from "./zip";

/** File, with its name in the artifact. */
interface ArtifactFile {
    /** Absolute path. */
    location: string;
    /** Path with slashes. */
    name: string;
}

/**
 * Makes the key of an artifact, or of the folder that its files go to when it is not packed.
 * Source: API reference, ProjectArtifacts (path, namespaceType, name).
 *
 * @param name name of the artifact; `/` or nothing for none
 * @param uuid UUID of the build
 */
export function artifactKey(
    { path: prefix, namespaceType }: ProjectArtifacts,
    { name, uuid, s3Prefix }: { name: string; uuid: string; s3Prefix?: string },
): string {
    const parts = [s3Prefix, prefix, namespaceType === "BUILD_ID" ? uuid : undefined, name];
    return parts
        .flatMap((part) => (part ?? "").split("/"))
        .filter((part) => part !== "")
        .join("/");
}

/** Uploads the project's artifacts, with the permissions of the build's role. @throws PhaseError */
export async function uploadBuildArtifacts(context: UploadContext): Promise<void> {
    const { project, buildspec, build, report } = context;
    if (project.artifacts?.type === "S3") {
        if (buildspec.artifacts === undefined) {
            await report("No artifacts are named in the buildspec, so none are uploaded.");
        } else {
            const location = await upload(project.artifacts, buildspec.artifacts, context);
            build.artifacts = { ...build.artifacts, location };
        }
    } else if (buildspec.artifacts !== undefined) {
        await report("The project keeps no artifacts, so those of the buildspec are not uploaded.");
    }
    for (const [index, artifacts] of (project.secondaryArtifacts ?? []).entries()) {
        const identifier = artifacts.artifactIdentifier ?? "";
        const spec = buildspec.artifacts?.secondaryArtifacts[identifier];
        if (spec === undefined) {
            throw clientError(`The buildspec has no secondary artifacts ${identifier}, which the project names.`);
        }
        const location = await upload(artifacts, spec, context);
        build.secondaryArtifacts![index] = { ...build.secondaryArtifacts![index], location };
    }
}

/** Uploads one artifact. @returns its ARN */
async function upload(target: ProjectArtifacts, spec: ArtifactSpec, context: UploadContext): Promise<string> {
    const { build, clients, project, report, expand } = context;
    const files = await artifactFiles(context.sourceDirectory, spec);
    const Bucket = target.location ?? "";
    const useSpecName = target.overrideArtifactName === true && spec.name !== undefined;
    const name = useSpecName ? await expand(spec.name ?? "") : (target.name ?? "");
    const key = artifactKey(target, { name, uuid: build.id.replace(/^.*:/, ""), s3Prefix: spec.s3Prefix });
    const put = async (Key: string, Body: Buffer) => {
        const resource = `arn:aws:s3:::${Bucket}/${Key}`;
        const call = { statusCode: "CLIENT_ERROR", role: project.serviceRole, action: "s3:PutObject", resource };
        await asRole(call, () => clients.s3.send(new PutObjectCommand({ Bucket, Key, Body })));
    };
    await report(`Uploading ${files.length} artifact files to s3://${Bucket}/${key}`);
    if (target.packaging === "ZIP") {
        await put(key, await zipFiles(files));
    } else {
        for (const { location, name } of files) {
            await put([key, name].filter((part) => part !== "").join("/"), await fs.readFile(location));
        }
    }
    return `arn:aws:s3:::${Bucket}/${key}`;
}

/** Lists the files of an artifact. @throws PhaseError when nothing matches */
export async function artifactFiles(sourceDirectory: string, spec: ArtifactSpec): Promise<ArtifactFile[]> {
    const base = spec.baseDirectory ?? ".";
    const folders = await matchingDirectories(sourceDirectory, base);
    if (folders.length === 0) throw clientError(`no matching base directory path found for ${base}`);
    const found: ArtifactFile[] = [];
    for (const folder of folders) {
        for (const file of await matchingFiles(folder, spec.files, { exclude: spec.excludePaths })) {
            found.push({ location: path.join(folder, file), name: spec.discardPaths ? path.basename(file) : file });
        }
    }
    if (found.length === 0) throw clientError(`no matching artifact paths found: ${spec.files.join(", ")}`);
    return found;
}

function clientError(message: string): PhaseError {
    return new PhaseError("CLIENT_ERROR", message);
}
