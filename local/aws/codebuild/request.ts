import type { StartBuildCommandInput } from "@aws-sdk/client-codebuild";
import type { World } from "../../world/services";
import type { Toolchain } from "../../world/toolchain";
import type { BuildStore } from "./buildStore";
import type { CommandLine } from "./commandLine";
import type { SourceArchive } from "./sourceArchive";
import type { WebhookEvent } from "./webhook";

/** What a build is started with. */
export interface BuildRequest {
    /** As the API takes it. */
    start: StartBuildCommandInput & { projectName: string };
    /** Folder that stands for what the project's source would deliver. */
    sourceDirectory: string;
    /** Archive in S3 that is the source instead of the folder. @default - the folder */
    sourceArchive?: SourceArchive;
    /** Version to check out of that folder. @default what stands in it */
    checkout?: string;
    /** Who starts it: a user's or role's name. */
    initiator: string;
    /** The event that starts it. @default none: a person does */
    webhook?: WebhookEvent;
    /** The batch that it belongs to. @default none */
    batch?: { arn: string; identifier: string };
}

/** What builds run on. */
export interface BuildHost {
    toolchain: Toolchain;
    world: World;
    /** Folder of the world (absolute). */
    directory: string;
    store: BuildStore;
}

/** The request of a command line. */
export function toRequest(
    { sourceVersion, buildspec, webhook, environment, timeout }: CommandLine,
    { projectName, sourceDirectory }: { projectName: string; sourceDirectory: string },
): BuildRequest {
    return {
        start: {
            projectName,
            sourceVersion,
            buildspecOverride: buildspec,
            timeoutInMinutesOverride: timeout,
            environmentVariablesOverride: Object.entries(environment).map(([name, value]) => ({ name, value })),
        },
        sourceDirectory,
        checkout: sourceVersion,
        initiator: webhook === undefined ? "root" : "GitHub-Hookshot/local",
        webhook,
    };
}
