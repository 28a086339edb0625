/** First parts of the names of a stack's CodeBuild projects. */
export interface StackNames {
    /** Name of the application: the name of Pulumi's project. */
    application: string;
    /** Name of the environment: the name of the stack. */
    environment: string;
}

/** Names the project that builds and pushes images. The name is fixed, since the trust policy of its role contains the project's ARN. */
export function buildProjectName({ application, environment }: StackNames): string {
    return `${application}-${environment}`;
}

/** Names the project of pull requests. @param projectName name of the project that pushes */
export function pullRequestProjectName(projectName: string): string {
    return `${projectName}-pull-request`;
}

/** Names the project that updates the stack. */
export function infrastructureProjectName(stack: StackNames): string {
    return `${buildProjectName(stack)}-infrastructure`;
}

/** Names the policy that bounds a project's role. The name is fixed, so that other policies can contain it. */
export function boundaryName(projectName: string): string {
    return `${projectName}-boundary`;
}

/** Names the report group that CodeBuild creates for the test results of a project. */
export function reportGroupName(projectName: string, reportName: string): string {
    return `${projectName}-${reportName}`;
}

/** Makes the path of an environment's roles, one for each kind. Updates create roles of the first two kinds, each with its own boundary. */
export function rolePath(
    { application, environment }: StackNames,
    kind: "builds" | "pull-requests" | "infrastructure",
): string {
    return `/${application}/${environment}/${kind}/`;
}
