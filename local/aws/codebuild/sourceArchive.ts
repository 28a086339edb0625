import * as fs from "node:fs/promises";
import * as path from "node:path";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { asRole, PhaseError } from "./phaseError";
import type { RoleClients } from "./role";
import { readZip } from "./zip";

/** Archive in S3 that is the source of a build. */
export interface SourceArchive {
    bucket: string;
    key: string;
}

/** Client and role that fetch an archive. */
export interface ArchiveAccess {
    s3: RoleClients["s3"];
    /** ARN of the role that reads from S3. */
    role: string;
}

/** Makes the ARN of the archive, the value of CODEBUILD_SOURCE_VERSION. */
export function archiveArn({ bucket, key }: SourceArchive): string {
    return `arn:aws:s3:::${bucket}/${key}`;
}

/**
 * Fetches a ZIP archive under the build's role and unpacks it, with the permissions of its files.
 *
 * @throws PhaseError when the role may not read the archive, or when it is no archive of plain files
 * @see https://docs.aws.amazon.com/codebuild/latest/APIReference/API_ProjectSource.html
 */
export async function fetchArchive(archive: SourceArchive, to: string, { s3, role }: ArchiveAccess): Promise<void> {
    const arn = archiveArn(archive);
    const call = { statusCode: "CLIENT_ERROR", role, action: "s3:GetObject", resource: arn };
    const object = new GetObjectCommand({ Bucket: archive.bucket, Key: archive.key });
    const bytes = await asRole(call, async () => (await s3.send(object)).Body?.transformToByteArray());
    await fs.mkdir(to, { recursive: true });
    for (const { name, content, mode } of entriesOf(Buffer.from(bytes ?? []), arn)) {
        const file = path.resolve(to, name);
        if (!file.startsWith(to + path.sep)) throw sourceError(`The entry ${name} of ${arn} leads out of the source.`);
        await fs.mkdir(path.dirname(file), { recursive: true });
        await fs.writeFile(file, content, { mode });
    }
}

function entriesOf(bytes: Buffer, arn: string): ReturnType<typeof readZip> {
    try {
        return readZip(bytes);
    } catch (error) {
        throw sourceError(`${arn} cannot be unpacked: ${(error as Error).message}`);
    }
}

function sourceError(message: string): PhaseError {
    return new PhaseError("CLIENT_ERROR", message);
}
