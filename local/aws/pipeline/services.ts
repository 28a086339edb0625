import type { BuildStore } from "../codebuild/buildStore";
import type { BuildTickets } from "./buildTickets";
import type { Connections } from "./connections";
import type { ExecutionStore } from "./executionStore";

/** Address of the emulated AWS, with the access key of its administrator. */
export interface AwsAccess {
    /** Endpoint of all services. */
    endpoint: string;
    region: string;
    /** Account id of 12 digits. */
    accountId: string;
    accessKeyId: string;
    secretAccessKey: string;
}

/** Parts that the runner of pipelines works with. */
export interface RunnerServices {
    /** Returns the address of the emulated AWS. */
    aws: () => AwsAccess;
    executions: ExecutionStore;
    connections: Connections;
    tickets: BuildTickets;
    builds: BuildStore;
    /** Decides whether the owner of an access key may perform an action on a resource; undefined when it may, otherwise AWS's sentence. */
    refusal: (accessKeyId: string, action: string, resource: string) => Promise<string | undefined>;
    /** Folder for sources while they are packed. */
    directory: string;
}
