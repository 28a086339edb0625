import * as fs from "node:fs";

/** Request, as a line of the access log. */
export interface AccessLogEntry {
    /** Time of the complete answer: ISO 8601, UTC. */
    time: string;
    /** ARN of the caller; "anonymous" without credentials, "unknown" for credentials not issued through the gateway. */
    principal: string;
    /** IAM action such as `ecr:CreateRepository`; null where no action covers the request (`GET /v2/`). */
    action: string | null;
    /** ARN that the action is checked on; several are separated by commas; "*" where the API names no resource. */
    resource: string;
    /** Whether the caller was authenticated and authorised. */
    allowed: boolean;
    /** HTTP status of the answer. */
    status: number;
}

/** Access log with one JSON line for each request. A line is written before the answer ends, so that the client can read it afterwards. */
export class AccessLog {
    private readonly descriptor: number;

    /** @param file path of the log; created with mode 0600 when missing */
    constructor(file: string) {
        this.descriptor = fs.openSync(file, "a", 0o600);
    }

    /** Writes one line. */
    append(entry: AccessLogEntry): void {
        fs.writeSync(this.descriptor, `${JSON.stringify(entry)}\n`);
    }

    /** Closes the file; no line may be appended afterwards. */
    close(): void {
        fs.closeSync(this.descriptor);
    }
}
