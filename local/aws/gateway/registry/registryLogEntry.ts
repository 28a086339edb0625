import type { AccessLogEntry } from "../iam/accessLog";
import type { RegistryKind } from "./registryRoute";

/** Request to the registry, as a line of the access log. */
export interface RegistryLogEntry extends AccessLogEntry {
    /** HTTP method. */
    method: string;
    /** Repository name without the host; "" for `GET /v2/`. */
    repository: string;
    /** Kind of the request; null for a path that the registry does not serve. */
    kind: RegistryKind | null;
    /** Id of the token: first 8 hex digits of its SHA-256; null without a valid token. */
    token: string | null;
    /** Bytes of the answer's body that were sent to the client. */
    bytesDown: number;
    /** Bytes of the request's body that were received. */
    bytesUp: number;
}
