import { gzipSync } from "node:zlib";
import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { LogLine, LogSink } from "./logs";
import { asRole } from "./phaseError";

/** Log in one compressed object in S3, written at the end of the build (project setting logsConfig.s3Logs). */
export class S3Sink implements LogSink {
    private readonly parts: Buffer[] = [];
    private readonly key: string;
    private readonly bucket: string;

    /** @param options location (`bucket/prefix` or its ARN), UUID of the build, and ARN of the role that writes */
    constructor(
        private readonly s3: S3Client,
        private readonly options: { location: string; uuid: string; role: string },
    ) {
        const [bucket = "", ...prefix] = options.location.replace(/^arn:[^:]+:s3:::/, "").split("/");
        this.bucket = bucket;
        this.key = [...prefix.filter((part) => part !== ""), `${options.uuid}.gz`].join("/");
    }

    /** ARN of the object. */
    get arn(): string {
        return `arn:aws:s3:::${this.bucket}/${this.key}`;
    }

    write(lines: LogLine[]): Promise<void> {
        // Parts of a gzip file may simply follow each other (RFC 1952), so that the log is kept small.
        this.parts.push(gzipSync(lines.map(({ text }) => `${text}\n`).join("")));
        return Promise.resolve();
    }

    async close(): Promise<void> {
        const call = {
            statusCode: "ACCESS_DENIED",
            role: this.options.role,
            action: "s3:PutObject",
            resource: this.arn,
        };
        const Body = Buffer.concat(this.parts);
        await asRole(call, () => this.s3.send(new PutObjectCommand({ Bucket: this.bucket, Key: this.key, Body })));
    }
}
