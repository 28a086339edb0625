import type { Serial } from "../../serial";
import type { Link } from "../http/shaping";
import type { Upstream } from "../http/upstream";
import type { AccessLog } from "../iam/accessLog";
import type { Principals } from "../iam/principals";
import type { RegistryAuthorization } from "../iam/registryAuthorization";
import type { RegistryFaults } from "./registryFaults";
import type { RepositoryBlobs } from "./repositoryBlobs";
import type { TagMutabilities } from "./tagMutability";
import type { Tokens } from "./tokens";
import type { Traffic } from "./traffic";

/** What serving the registry needs of the gateway. */
export interface RegistryContext {
    /** Region of the repositories. */
    configuration: { region: string };
    /** Host and port that clients use, such as 127.0.0.1:4566. */
    host: string;
    /** The emulator. */
    upstream: Upstream;
    /** Owners of access keys. */
    principals: Principals;
    /** Registry tokens. */
    tokens: Tokens;
    /** Decisions on registry requests. */
    authorization: RegistryAuthorization;
    /** Tag mutability of the repositories. */
    mutabilities: TagMutabilities;
    /** Blobs of the repositories. */
    blobs: RepositoryBlobs;
    /** Keeps writes of one tag in order. */
    tagWrites: Serial;
    /** What tests let the registry do wrong. */
    faults: RegistryFaults;
    /** The simulated line to the registry. */
    link: Link;
    /** Bytes of the registry. */
    traffic: Traffic;
    /** The access log. */
    accessLog: AccessLog;
}
