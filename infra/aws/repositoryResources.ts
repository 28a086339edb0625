/** Limit of repositories below one parent that a policy lists one by one. */
const mostListed = 10;

/**
 * Lists repositories for a policy one by one; more than ten below one parent of the list collapse to `<parent>/*`. A list of a hundred
 * images would exceed IAM's limit. Only the stack has repositories below its own.
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
