/** What the names of a stack's CodeBuild projects begin with. */
export interface StackNames {
    /** Name of the application, which is Pulumi's project. */
    application: string;
    /** Name of the environment, which is the stack's. */
    environment: string;
}

/** Name of the project that builds and pushes images; fixed, since the trust policy of its role names the project's ARN. */
export function buildProjectName({ application, environment }: StackNames): string {
    return `${application}-${environment}`;
}

/** Name of the project of pull requests. @param projectName that of the project that pushes */
export function pullRequestProjectName(projectName: string): string {
    return `${projectName}-pull-request`;
}

/** Name of the project that updates the stack. */
export function infrastructureProjectName(stack: StackNames): string {
    return `${buildProjectName(stack)}-infrastructure`;
}

/** Name of the policy that bounds a project's role; fixed, so that the policies of others can name it. */
export function boundaryName(projectName: string): string {
    return `${projectName}-boundary`;
}

/** Name of the report group that CodeBuild makes for the test results of a project. */
export function reportGroupName(projectName: string, reportName: string): string {
    return `${projectName}-${reportName}`;
}

/** Path of the roles of an environment, one for each kind: updates make those of the first two, each with a boundary of its own. */
export function rolePath(
    { application, environment }: StackNames,
    kind: "builds" | "pull-requests" | "infrastructure",
): string {
    return `/${application}/${environment}/${kind}/`;
}
