import type { BuildDefinition } from "../plan/buildDefinition";
import type { GitReference } from "../plan/cachePolicy";
import type { Platform } from "../plan/platform";

/** A definition, and what a build is made from. */
export interface PlanInput extends BuildDefinition {
    /** Absolute path of the source. */
    source: string;
    /** What is built. */
    reference: GitReference;
    /** Commit that is built. @default - the source is no Git repository */
    commit?: string;
    /** The one platform that this build of a batch is for. @default - all of them, and what joins them */
    platform?: Platform;
}
