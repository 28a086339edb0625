import type { ActionDeclaration } from "@aws-sdk/client-codepipeline";
import { randomBytes } from "node:crypto";
import type { ActionRecord, ArtifactRecord, ExecutionRecord } from "./records";
import type { ActionRole } from "./roles";
import type { RunnerServices } from "./services";

/** Running action: what it works with, and the record that it completes. */
export interface ActionRun {
    services: RunnerServices;
    execution: ExecutionRecord;
    action: ActionDeclaration;
    record: ActionRecord;
    /** Role of the action's calls. */
    role: ActionRole;
    /** Signal that ends the action: it was abandoned, or the gateway ends. */
    signal: AbortSignal;
    /** Function that keeps the present state of the record. */
    save: () => void;
}

/** Function that does the work of an action. @throws ActionError when it fails */
export type Perform = (run: ActionRun) => Promise<void>;

/**
 * Makes the place of an output artifact in the pipeline's bucket. CodePipeline cuts the names of pipeline and artifact in keys.
 *
 * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/welcome-introducing-artifacts.html
 */
export function placeOfArtifact({ pipeline }: ExecutionRecord, name: string): ArtifactRecord {
    const key = [pipeline.name.slice(0, 20), name.slice(0, 10), randomBytes(4).toString("hex").slice(0, 7)].join("/");
    return { name, bucket: pipeline.artifactStore?.location ?? "", key };
}
