import type { BuildDefinition } from "../plan/buildDefinition";
import type { GitReference } from "../plan/cachePolicy";
import type { Platform } from "../plan/platform";

/** Definition of the images, and the source of the build. */
export interface PlanInput extends BuildDefinition {
    /** Absolute path of the source. */
    source: string;
    /** Git reference that is built. */
    reference: GitReference;
    /** Commit that is built. @default - the source is no Git repository */
    commit?: string;
    /** Platform of this build of a batch. @default - all platforms and their index */
    platform?: Platform;
}
