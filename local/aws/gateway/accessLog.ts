import * as fs from "node:fs";
import type { RegistryKind } from "./registry/registryRoute";

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

/** One request to the registry, as a line of the access log. */
export interface RegistryLogEntry extends AccessLogEntry {
    /** HTTP method. */
    method: string;
    /** Repository name without the host; "" for `GET /v2/`. */
    repository: string;
    /** What the request was about; null for a path that the registry does not serve. */
    kind: RegistryKind | null;
    /** Id of the token used: first 8 hex digits of its SHA-256; null without a valid token. */
    token: string | null;
    /** Bytes of the answer's body that were sent to the client. */
    bytesDown: number;
    /** Bytes of the request's body that were received. */
    bytesUp: number;
}

/** Appends one JSON line per request. Lines are written before the answer ends, so that whoever got it can read them. */
export class AccessLog {
    private readonly descriptor: number;

    /** @param file path of the log; made with mode 0600 when missing */
    constructor(file: string) {
        this.descriptor = fs.openSync(file, "a", 0o600);
    }

    /** Writes one line. */
    append(entry: AccessLogEntry | RegistryLogEntry): void {
        fs.writeSync(this.descriptor, `${JSON.stringify(entry)}\n`);
    }

    /** Closes the file; nothing may be appended afterwards. */
    close(): void {
        fs.closeSync(this.descriptor);
    }
}
