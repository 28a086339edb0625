import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ProjectSettings } from "./projectSettings";

type FilterGroup = aws.types.input.codebuild.WebhookFilterGroup;

/**
 * Roles at the Git hosts that may approve builds of pull requests: those that may also set the rules of the default branch. A role that may
 * only push to other branches is left out, as in CodeBuild's own default.
 */
const approverRoles = {
    BITBUCKET: ["BITBUCKET_ADMIN"],
    GITHUB: ["GITHUB_ADMIN", "GITHUB_MAINTAIN"],
    GITHUB_ENTERPRISE: ["GITHUB_ADMIN", "GITHUB_MAINTAIN"],
    GITLAB: ["GITLAB_OWNER", "GITLAB_MAINTAINER"],
    GITLAB_SELF_MANAGED: ["GITLAB_OWNER", "GITLAB_MAINTAINER"],
};

/** Git host that can start builds; sources of other types have no webhooks. */
export type GitHost = keyof typeof approverRoles;

/** Git hosts that report reopened pull requests. */
const hostsThatReopen: GitHost[] = ["GITHUB", "GITHUB_ENTERPRISE"];

/**
 * Lists the events that start a build with push permissions: pushes to the default branch, and pushes of tags whose whole name matches the
 * pattern.
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

/** Lists the events that start the build of a pull request: each new state that is to be merged into the default branch. */
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
 * Makes the policy of pull requests' builds: all wait for a comment of an administrator or maintainer, except their own.
 *
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/pull-request-build-policy.html
 */
export function pullRequestBuildPolicy(sourceType: GitHost): aws.types.input.codebuild.WebhookPullRequestBuildPolicy {
    return { requiresCommentApproval: "ALL_PULL_REQUESTS", approverRoles: approverRoles[sourceType] };
}

/**
 * Returns the type of a source whose webhooks can start builds.
 *
 * @throws Error for any other type
 */
export function webhookSourceType(type = "NO_SOURCE"): GitHost {
    if (type in approverRoles) return type as GitHost;
    const allowed = Object.keys(approverRoles).join(", ");
    throw new Error(`The source of a project with webhooks is ${type}; allowed: ${allowed}.`);
}

/** Tells whether the Git host starts the builds of pushes; with a source of pull requests alone, a delivery pipeline does. */
export function hasPushWebhook({ webhooks = false, pullRequestSource }: ProjectSettings): boolean {
    return webhooks && pullRequestSource === undefined;
}

/** Values to enter at the Git host, so that the events of a project arrive. */
export interface ManualWebhook {
    /** Address that receives events. */
    payloadUrl: string;
    /** Secret text that signs events. */
    secret: string;
}

/**
 * Makes the values to enter at GitHub Enterprise Server, by project name, as a secret; undefined for other hosts, where CodeBuild enters
 * them itself.
 *
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/run-build-cli-auto-start.html
 */
export function manualWebhooks(
    sourceType: pulumi.Input<string> | undefined,
    webhooks: Pick<aws.codebuild.Webhook, "projectName" | "payloadUrl" | "secret">[],
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

/** Makes the regular expression that matches this branch only. */
function branchPattern(branch: string): string {
    return `^refs/heads/${branch.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`;
}
