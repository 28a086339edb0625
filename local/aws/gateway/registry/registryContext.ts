import type { Serial } from "../../serial";
import type { StateMap } from "../../stateFile";
import type { Link } from "../http/shaping";
import type { Upstream } from "../http/upstream";
import type { AccessLog } from "../iam/accessLog";
import type { Principals } from "../iam/principals";
import type { RegistryAuthorization } from "../iam/registryAuthorization";
import type { RegistryFaults } from "./registryFaults";
import type { RepositoryBlobs } from "./repositoryBlobs";
import type { TagMutability } from "./tagMutability";
import type { Tokens } from "./tokens";
import type { Traffic } from "./traffic";

/** Parts of the gateway that serve the registry. */
export interface RegistryContext {
    /** Region of the repositories. */
    configuration: { region: string };
    /** Host and port that clients use, such as 127.0.0.1:4566. */
    host: string;
    /** Connection to the emulator. */
    upstream: Upstream;
    /** Owners of access keys. */
    principals: Principals;
    /** Registry tokens. */
    tokens: Tokens;
    /** Decisions on registry requests. */
    authorization: RegistryAuthorization;
    /** Tag mutability of the repositories by ARN, kept because the emulator drops the exclusion filters. */
    mutabilities: StateMap<TagMutability>;
    /** Blobs of the repositories. */
    blobs: RepositoryBlobs;
    /** Queue that keeps writes of one tag in order. */
    tagWrites: Serial;
    /** Faults that tests ask of the registry. */
    faults: RegistryFaults;
    /** Simulated line to the registry. */
    link: Link;
    /** Counter of the registry's bytes. */
    traffic: Traffic;
    /** Log of all requests. */
    accessLog: AccessLog;
}
