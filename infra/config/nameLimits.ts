import {
    boundaryName,
    buildProjectName,
    infrastructureProjectName,
    pullRequestProjectName,
    reportGroupName,
    type StackNames,
} from "../codebuild/projectNames";
import { reportName } from "../codebuild/testReport";
import { deployDocumentName } from "../release/ec2/deployDocumentName";

/** What of a stack has names that are made of the names of project and stack. */
export interface NamedParts {
    /** Images are built. */
    builds: boolean;
    /** Some image has tests. */
    tests: boolean;
    /** Pull requests are built. */
    pullRequests: boolean;
    /** Updates run in CodeBuild. */
    infrastructure: boolean;
    /** There is a target on EC2. */
    ec2: boolean;
    /** There is a Lambda function. */
    lambda: boolean;
}

/** A name, and the most characters that AWS takes for it. */
interface LimitedName {
    what: string;
    name: string;
    limit: number;
}

/**
 * Most characters of names, by what they name. ECR's repositories have a rule of their own (repositoryName.ts); all other names are far
 * from their limits, or made by the provider.
 *
 * @see https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html
 * @see https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateReportGroup.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_CreateDocument.html
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
 */
export const nameLimits = { project: 150, reportGroup: 128, policy: 128, document: 128, lambdaFunction: 64 };

/** One sentence for each name that would be too long for AWS. */
export function nameLimitProblems(stack: StackNames, parts: NamedParts): string[] {
    return limitedNames(stack, parts)
        .filter(({ name, limit }) => name.length > limit)
        .map(
            ({ what, name, limit }) =>
                `The name of ${what} would be "${name}", ${name.length} characters; allowed: ${limit}, so shorten the project's or the stack's name`,
        );
}

function limitedNames(stack: StackNames, parts: NamedParts): LimitedName[] {
    const builds = buildProjectName(stack);
    const pullRequests = pullRequestProjectName(builds);
    const { project, reportGroup, policy, document, lambdaFunction } = nameLimits;
    const names: [needed: boolean, what: string, name: string, limit: number][] = [
        [parts.builds, "the CodeBuild project", builds, project],
        [parts.builds && parts.tests, "the report group of builds", reportGroupName(builds, reportName), reportGroup],
        [parts.pullRequests, "the project of pull requests", pullRequests, project],
        [parts.pullRequests, "the boundary of pull requests", boundaryName(pullRequests), policy],
        [
            parts.pullRequests && parts.tests,
            "the report group of pull requests",
            reportGroupName(pullRequests, reportName),
            reportGroup,
        ],
        [parts.infrastructure, "the project of updates", infrastructureProjectName(stack), project],
        [parts.infrastructure && parts.builds, "the boundary of builds", boundaryName(builds), policy],
        [parts.ec2, "the deploy document", deployDocumentName(stack), document],
        [parts.lambda, "the Lambda function", builds, lambdaFunction],
    ];
    return names.filter(([needed]) => needed).map(([, what, name, limit]) => ({ what, name, limit }));
}
