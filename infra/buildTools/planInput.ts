import type { BuildDefinition, RepositoryImage } from "../plan/buildDefinition";
import type { BuildInput } from "../plan/buildInput";
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

/** Joins an image with the policy and the source of a build. */
export function inputOf({ policy, source }: PlanInput, spec: RepositoryImage): BuildInput {
    return { spec, policy, sourceRoot: source };
}
