import type * as aws from "@pulumi/aws";

type FilterGroup = aws.types.input.codebuild.WebhookFilterGroup;

/** Where a Git host starts builds; those of the other types do not know webhooks. */
const gitHosts = ["BITBUCKET", "GITHUB", "GITHUB_ENTERPRISE", "GITLAB", "GITLAB_SELF_MANAGED"];

/** Git hosts that tell when a pull request is opened again. */
const hostsThatReopen = ["GITHUB", "GITHUB_ENTERPRISE"];

/**
 * What starts a build that may push: a push to the default branch, or of a tag.
 *
 * @see https://docs.aws.amazon.com/codebuild/latest/APIReference/API_WebhookFilter.html
 */
export function trustedFilterGroups(defaultBranch: string): FilterGroup[] {
    return [branchPattern(defaultBranch), "^refs/tags/.+$"].map((pattern) => ({
        filters: [
            { type: "EVENT", pattern: "PUSH" },
            { type: "HEAD_REF", pattern },
        ],
    }));
}

/** What starts the build of a pull request: each of its states that wants to be merged into the default branch. */
export function pullRequestFilterGroups(sourceType: string, defaultBranch: string): FilterGroup[] {
    const events = ["CREATED", "UPDATED", ...(hostsThatReopen.includes(sourceType) ? ["REOPENED"] : [])];
    return [
        {
            filters: [
                { type: "EVENT", pattern: events.map((event) => `PULL_REQUEST_${event}`).join(", ") },
                { type: "BASE_REF", pattern: branchPattern(defaultBranch) },
            ],
        },
    ];
}

/**
 * The type of a source that webhooks can start builds of.
 *
 * @throws Error for any other
 */
export function webhookSourceType(type = "NO_SOURCE"): string {
    if (gitHosts.includes(type)) return type;
    throw new Error(`The source of a project with webhooks is ${type}; allowed: ${gitHosts.join(", ")}.`);
}

/** The regular expression that matches this branch only. */
function branchPattern(branch: string): string {
    return `^refs/heads/${branch.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`;
}
