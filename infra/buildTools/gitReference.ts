import type { GitReference } from "../plan/cachePolicy";

/** Environment variables of a CodeBuild build, by name. */
export type BuildVariables = Record<string, string | undefined>;

/** Rule for one variable: the pattern of its value, and the Git reference that a match stands for. */
type Rule = [variable: string, pattern: RegExp, reference: (name: string) => GitReference];

const branch = (name: string): GitReference => ({ kind: "branch", name });
const tag = (): GitReference => ({ kind: "tag" });
const pullRequest = (): GitReference => ({ kind: "pullRequest" });

/**
 * Rules that read a build's origin from its variables; the first match decides. A webhook's event comes first, since a pull request must
 * never count as the branch that it comes from.
 *
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-env-vars.html
 */
const rules: Rule[] = [
    ["CODEBUILD_WEBHOOK_EVENT", /^PULL_REQUEST_/, pullRequest],
    ["CODEBUILD_WEBHOOK_TRIGGER", /^pr\//, pullRequest],
    ["CODEBUILD_WEBHOOK_TRIGGER", /^tag\//, tag],
    ["CODEBUILD_WEBHOOK_TRIGGER", /^branch\/(.+)$/, branch],
    ["CODEBUILD_WEBHOOK_HEAD_REF", /^refs\/tags\//, tag],
    ["CODEBUILD_WEBHOOK_HEAD_REF", /^refs\/heads\/(.+)$/, branch],
    ["CODEBUILD_SOURCE_VERSION", /^(pr\/|refs\/pull\/|refs\/merge-requests\/)/, pullRequest],
    ["CODEBUILD_SOURCE_VERSION", /^refs\/tags\//, tag],
    // A commit may be of any branch, so it gets what a tag gets: it reads the shared cache and writes none. So does what names one
    // by a branch or by its message, such as refs/heads/main^{commit} and :/text, in characters that no branch name has
    // (git-check-ref-format): nothing says that the commit is the branch's.
    ["CODEBUILD_SOURCE_VERSION", /^[0-9a-f]{40}([0-9a-f]{24})?$/, tag],
    ["CODEBUILD_SOURCE_VERSION", /^(?!arn:).*([\^~:]|@\{)/s, tag],
    ["CODEBUILD_SOURCE_VERSION", /^refs\/heads\/(.+)$/, branch],
    // S3 and CodePipeline give the ARN of an S3 object, which is no branch.
    ["CODEBUILD_SOURCE_VERSION", /^(?!arn:)(.+)$/s, branch],
];

/**
 * Finds the Git reference that a CodeBuild build is made from. CodeBuild does not distinguish a plain branch name from a tag's; such a name
 * counts as a branch.
 *
 * @param usual branch for builds of which CodeBuild names none: without a source version, from S3, by CodePipeline
 */
export function gitReference(variables: BuildVariables, usual: string): GitReference {
    for (const [variable, pattern, reference] of rules) {
        const match = pattern.exec(variables[variable] ?? "");
        if (match !== null) return reference(match[1] ?? "");
    }
    return branch(usual);
}

/** Reads the commit that is built, 40 or 64 hexadecimal digits. @default - undefined where the source is no Git repository */
export function commitOf(variables: BuildVariables): string | undefined {
    const version = variables["CODEBUILD_RESOLVED_SOURCE_VERSION"] ?? "";
    return /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(version) ? version : undefined;
}
