import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

type FilterGroup = aws.types.input.codebuild.WebhookFilterGroup;

/**
 * Roles at the Git hosts that can start builds: who may approve that a pull request is built, which those may who set the rules of the
 * default branch. Who may only push to other branches is not among them, as with CodeBuild's own default.
 */
const approverRoles = {
    BITBUCKET: ["BITBUCKET_ADMIN"],
    GITHUB: ["GITHUB_ADMIN", "GITHUB_MAINTAIN"],
    GITHUB_ENTERPRISE: ["GITHUB_ADMIN", "GITHUB_MAINTAIN"],
    GITLAB: ["GITLAB_OWNER", "GITLAB_MAINTAINER"],
    GITLAB_SELF_MANAGED: ["GITLAB_OWNER", "GITLAB_MAINTAINER"],
};

/** A Git host that can start builds; sources of other types do not know webhooks. */
export type GitHost = keyof typeof approverRoles;

/** Git hosts that tell when a pull request is opened again. */
const hostsThatReopen: GitHost[] = ["GITHUB", "GITHUB_ENTERPRISE"];

/**
 * Lists the events that start a build that may push: a push to the default branch, or of a tag whose whole name matches the pattern.
 *
 * @param tagPattern regular expression; without it no tag starts a build
 * @see https://docs.aws.amazon.com/codebuild/latest/APIReference/API_WebhookFilter.html
 */
export function trustedFilterGroups(defaultBranch: string, tagPattern?: string): FilterGroup[] {
    const tags = tagPattern === undefined ? [] : [`^refs/tags/(${tagPattern})$`];
    return [branchPattern(defaultBranch), ...tags].map((pattern) => ({
        filters: [
            { type: "EVENT", pattern: "PUSH" },
            { type: "HEAD_REF", pattern },
        ],
    }));
}

/** What starts the build of a pull request: each of its states that wants to be merged into the default branch. */
export function pullRequestFilterGroups(sourceType: GitHost, defaultBranch: string): FilterGroup[] {
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
 * Who starts the build of a pull request: everybody waits for a comment of an administrator or maintainer, but these themselves.
 *
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/pull-request-build-policy.html
 */
export function pullRequestBuildPolicy(sourceType: GitHost): aws.types.input.codebuild.WebhookPullRequestBuildPolicy {
    return { requiresCommentApproval: "ALL_PULL_REQUESTS", approverRoles: approverRoles[sourceType] };
}

/**
 * The type of a source that webhooks can start builds of.
 *
 * @throws Error for any other
 */
export function webhookSourceType(type = "NO_SOURCE"): GitHost {
    if (type in approverRoles) return type as GitHost;
    const allowed = Object.keys(approverRoles).join(", ");
    throw new Error(`The source of a project with webhooks is ${type}; allowed: ${allowed}.`);
}

/** The values to enter at the Git host for the events of a project to arrive. */
export interface ManualWebhook {
    /** Address that events are sent to. */
    payloadUrl: string;
    /** Text that events are signed with. */
    secret: string;
}

/**
 * Gives the values to enter at the Git host, by project name, as a secret; undefined where CodeBuild enters it itself, which it does
 * everywhere but at GitHub Enterprise Server.
 *
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/run-build-cli-auto-start.html
 */
export function manualWebhooks(
    sourceType: pulumi.Input<string> | undefined,
    webhooks: aws.codebuild.Webhook[],
): pulumi.Output<Record<string, ManualWebhook> | undefined> {
    const toEnter = pulumi
        .all(
            webhooks.map(({ projectName, payloadUrl, secret }) =>
                pulumi
                    .all([projectName, payloadUrl, secret])
                    .apply(([name, url, text]): [string, ManualWebhook] => [name, { payloadUrl: url, secret: text }]),
            ),
        )
        .apply((entries): Record<string, ManualWebhook> => Object.fromEntries(entries));
    return pulumi
        .output(sourceType)
        .apply((type): pulumi.Output<Record<string, ManualWebhook> | undefined> =>
            type === "GITHUB_ENTERPRISE" ? pulumi.secret(toEnter) : pulumi.output(undefined),
        );
}

/** The regular expression that matches this branch only. */
function branchPattern(branch: string): string {
    return `^refs/heads/${branch.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`;
}
