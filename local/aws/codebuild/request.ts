import type { StartBuildCommandInput } from "@aws-sdk/client-codebuild";
import type { World } from "../../world/services";
import type { Toolchain } from "../../world/toolchain";
import type { BuildStore } from "./buildStore";
import type { PipelineBuild } from "./pipelineBuild";
import type { SourceArchive } from "./sourceArchive";
import type { WebhookEvent } from "./webhook";

/** Request for a build. */
export interface BuildRequest {
    /** Request in the API's form. */
    start: StartBuildCommandInput & { projectName: string };
    /** Folder that stands for the project's source. */
    sourceDirectory: string;
    /** Archive in S3 that is the source instead of the folder. @default - the folder */
    sourceArchive?: SourceArchive;
    /** Part of a build that a pipeline starts. @default - no pipeline starts it */
    pipeline?: PipelineBuild;
    /** Version of the folder to check out. @default the files in the folder */
    checkout?: string;
    /** Name of the user or role that starts the build. */
    initiator: string;
    /** Event that starts the build. @default none: a person starts it */
    webhook?: WebhookEvent;
    /** Batch of the build. @default none */
    batch?: { arn: string; identifier: string };
}

/** Machine that builds run on. */
export interface BuildHost {
    toolchain: Toolchain;
    world: World;
    /** Absolute path of the world's folder. */
    directory: string;
    store: BuildStore;
}
