import { randomUUID } from "node:crypto";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { git } from "../codebuild/git";
import { PhaseError } from "../codebuild/phaseError";
import { copySource } from "../codebuild/source";
import { zipFiles } from "../codebuild/zip";
import { ActionError, explained } from "./actionError";
import { type ActionRun, placeOfArtifact } from "./actionRun";
import type { ArtifactRecord } from "./records";

/**
 * Performs a source action of a connection: packs a commit of the folder that stands for the repository, and uploads it under the action's
 * role.
 *
 * @throws ActionError where the role may not use the connection or write the artifact, and where there is no such folder or commit
 * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodestarConnectionSource.html
 */
export async function performSource(run: ActionRun): Promise<void> {
    const { services, execution, action, record } = run;
    const {
        ConnectionArn = "",
        FullRepositoryId = "",
        BranchName = "",
        OutputArtifactFormat = "CODE_ZIP",
    } = record.resolvedConfiguration;
    if (OutputArtifactFormat !== "CODE_ZIP") throw new ActionError("InvalidActionConfiguration", notZip);
    await useConnection(run, ConnectionArn);
    const folder = services.connections.folderOf(ConnectionArn, FullRepositoryId);
    if (folder === undefined) {
        const remedy = `no folder of this machine stands for ${FullRepositoryId}; name one by POST /_gateway/connections`;
        throw new ActionError("ConfigurationError", `The connection ${ConnectionArn} is not AVAILABLE: ${remedy}.`);
    }
    const wanted = execution.sourceRevisions.find(({ actionName }) => actionName === action.name)?.revisionValue;
    const { commit, archive } = await packedCommit(folder, wanted ?? BranchName, services.directory);
    const message = await messageOf(folder, commit);
    run.signal.throwIfAborted();
    const artifacts = (action.outputArtifacts ?? []).map(({ name = "" }) => ({
        ...placeOfArtifact(execution, name),
        revision: commit,
        revisionSummary: message,
    }));
    for (const artifact of artifacts) await upload(run, artifact, archive);
    record.outputArtifacts = artifacts;
    record.externalExecutionId = commit;
    record.summary = message;
    record.outputVariables = {
        BranchName,
        CommitId: commit,
        CommitMessage: message,
        ConnectionArn,
        FullRepositoryName: FullRepositoryId,
    };
}

const notZip = "OutputArtifactFormat is not CODE_ZIP, the only format that is served offline.";

/** Checks the role's permission to use the connection; the actions of a service have the name that the connection's ARN has. */
async function useConnection({ services, role }: ActionRun, connectionArn: string): Promise<void> {
    const { accessKeyId } = await role.credentials();
    const action = `${connectionArn.split(":")[2]}:UseConnection`;
    const refusal = await services.refusal(accessKeyId, action, connectionArn);
    if (refusal === undefined) return;
    const sentence = `The role ${role.arn} is not authorized to perform ${action} on ${connectionArn}: ${refusal}`;
    throw new ActionError("PermissionError", sentence);
}

/** Reads the message of a commit: in the stored object, what follows the first empty line. No setting of the repository has a say in this. */
async function messageOf(folder: string, commit: string): Promise<string> {
    const object = await git(folder, "cat-file", "commit", commit);
    return object.slice(object.indexOf("\n\n")).trim();
}

async function packedCommit(
    folder: string,
    version: string,
    directory: string,
): Promise<{ commit: string; archive: Buffer }> {
    const copy = path.join(directory, randomUUID());
    try {
        // With a version there is a commit.
        const commit = (await copySource(folder, copy, version)) ?? "";
        return { commit, archive: await zipFiles(await filesBelow(copy)) };
    } catch (error) {
        if (error instanceof PhaseError) throw new ActionError("ConfigurationError", error.message, { cause: error });
        throw error;
    } finally {
        await fs.rm(copy, { recursive: true, force: true });
    }
}

/** Lists the files of a source. @throws ActionError for a symbolic link, which the archive could not hold */
async function filesBelow(folder: string): Promise<{ location: string; name: string }[]> {
    const entries = await fs.readdir(folder, { recursive: true, withFileTypes: true });
    return entries.flatMap((entry) => {
        const location = path.join(entry.parentPath, entry.name);
        const name = path.relative(folder, location);
        if (entry.isFile()) return [{ location, name }];
        if (entry.isDirectory()) return [];
        throw new ActionError("ConfigurationError", `${name} is no file; offline a pipeline's source has files only.`);
    });
}

async function upload({ services, execution, role }: ActionRun, artifact: ArtifactRecord, Body: Buffer): Promise<void> {
    // Loading the client takes a quarter of a second, and the gateway starts without it.
    const { PutObjectCommand, S3Client } = await import("@aws-sdk/client-s3");
    const { endpoint, region } = services.aws();
    const s3 = new S3Client({ endpoint, region, credentials: role.credentials, forcePathStyle: true });
    const { bucket: Bucket, key: Key } = artifact;
    const { encryptionKey } = execution.pipeline.artifactStore ?? {};
    const encryption =
        encryptionKey === undefined ? {} : { ServerSideEncryption: "aws:kms" as const, SSEKMSKeyId: encryptionKey.id };
    const call = { role: role.arn, action: "s3:PutObject", resource: `arn:aws:s3:::${Bucket}/${Key}` };
    await explained(call, () => s3.send(new PutObjectCommand({ Bucket, Key, Body, ...encryption })));
}
