/** Repositories below another one that a policy lists one by one. */
const mostListed = 10;

/**
 * The resources by which a policy names repositories: one by one, and where more than ten lie below another repository of the list, as
 * the images of one stack do, these by what stands before their last slash. A list of all of a hundred images would be longer than IAM
 * takes; nobody but the stack has repositories below its own.
 *
 * @param arns `arn:…:repository/<name>`
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html (6,144 characters of a managed policy, 10,240 of a role's own)
 */
export function repositoryResources(arns: string[]): string[] {
    const shortened = new Set(
        arns.filter((parent) => arns.filter((arn) => parentOf(arn) === parent).length > mostListed),
    );
    return [
        ...arns.filter((arn) => !shortened.has(parentOf(arn))),
        ...arns.filter((arn) => shortened.has(arn)).map((parent) => `${parent}/*`),
    ];
}

function parentOf(arn: string): string {
    return arn.slice(0, arn.lastIndexOf("/"));
}
