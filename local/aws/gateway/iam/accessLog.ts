import * as fs from "node:fs";

/** One request, as a line of the access log. */
export interface AccessLogEntry {
    /** When the answer was complete: ISO 8601, UTC. */
    time: string;
    /** ARN of the caller; "anonymous" without credentials, "unknown" for credentials not issued through the gateway. */
    principal: string;
    /** IAM action such as `ecr:CreateRepository`; null where no action covers the request (`GET /v2/`). */
    action: string | null;
    /** ARN the action is checked on; several are separated by commas; "*" where the API names no resource. */
    resource: string;
    /** False when the caller was not authenticated or not authorised. */
    allowed: boolean;
    /** HTTP status of the answer. */
    status: number;
}

/** Appends one JSON line per request. Lines are written before the answer ends, so that whoever got it can read them. */
export class AccessLog {
    private readonly descriptor: number;

    /** @param file path of the log; made with mode 0600 when missing */
    constructor(file: string) {
        this.descriptor = fs.openSync(file, "a", 0o600);
    }

    /** Writes one line. */
    append(entry: AccessLogEntry): void {
        fs.writeSync(this.descriptor, `${JSON.stringify(entry)}\n`);
    }

    /** Closes the file; nothing may be appended afterwards. */
    close(): void {
        fs.closeSync(this.descriptor);
    }
}
