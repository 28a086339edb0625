import type { StackNames } from "../codebuild/projectNames";
import { buildProjectName } from "../codebuild/projectNames";

/** Names of the stages that every pipeline has. Further stages have the names of environments. */
export const commonStages = { source: "Source", build: "Build", scan: "Scan" } as const;

/** Names the pipeline, as the project that builds for it. CodePipeline refuses a second one of the name, so a project has one pipeline. */
export function pipelineName(stack: StackNames): string {
    return buildProjectName(stack);
}

/** Names the project that judges the findings of an image. */
export function scanProjectName(stack: StackNames): string {
    return `${buildProjectName(stack)}-scan`;
}

/** Names the project that releases to the pipeline's own environment. */
export function deployProjectName(stack: StackNames): string {
    return `${buildProjectName(stack)}-deploy`;
}

/**
 * Names the project that releases to another environment, and its role. The name is fixed, since that environment's stack trusts the role.
 *
 * @param to name of the other environment
 */
export function promoteProjectName(stack: StackNames, to: string): string {
    return `${buildProjectName(stack)}-promote-${to}`;
}

/** Names the role by which another environment's pipeline releases to this one. The name is fixed, since that pipeline assumes the role. */
export function deliveryRoleName(stack: StackNames): string {
    return `${buildProjectName(stack)}-delivery`;
}

/** Names the parameter with the values of an environment's deploys, its output `deployEnv`. */
export function deployEnvironmentParameterName({ application, environment }: StackNames): string {
    return `/${application}/${environment}/config/deploy-env`;
}
