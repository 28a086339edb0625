import assert from "node:assert/strict";
import {
    type GitHost,
    pullRequestBuildPolicy,
    pullRequestFilterGroups,
    trustedFilterGroups,
    webhookSourceType,
} from "../../../infra/codebuild/webhooks";

describe("trustedFilterGroups", () => {
    const push = (pattern: string) => ({
        filters: [
            { type: "EVENT", pattern: "PUSH" },
            { type: "HEAD_REF", pattern },
        ],
    });

    it("takes pushes to the default branch, and of no tag", () => {
        assert.deepEqual(trustedFilterGroups("main"), [push("^refs/heads/main$")]);
    });

    it("takes pushes of tags whose whole names match the pattern", () => {
        assert.deepEqual(trustedFilterGroups("main", "v[0-9]+|rc"), [
            push("^refs/heads/main$"),
            push("^refs/tags/(v[0-9]+|rc)$"),
        ]);
    });

    const branches: [branch: string, reference: string, isMatched: boolean][] = [
        ["main", "refs/heads/main", true],
        ["main", "refs/heads/main2", false],
        ["main", "refs/heads/fix/refs/heads/main", false],
        ["v1.x", "refs/heads/v1.x", true],
        ["v1.x", "refs/heads/v1ax", false],
        ["a+(b)", "refs/heads/a+(b)", true],
    ];
    for (const [branch, reference, isMatched] of branches) {
        it(`${isMatched ? "matches" : "does not match"} ${reference} with ${branch} as the default branch`, () => {
            const { pattern } = (trustedFilterGroups(branch)[0]!.filters as { pattern: string }[])[1]!;
            assert.equal(new RegExp(pattern).test(reference), isMatched);
        });
    }
});

describe("pullRequestFilterGroups", () => {
    const two = "PULL_REQUEST_CREATED, PULL_REQUEST_UPDATED";
    const table: [type: GitHost, events: string][] = [
        ["GITHUB", `${two}, PULL_REQUEST_REOPENED`],
        ["GITHUB_ENTERPRISE", `${two}, PULL_REQUEST_REOPENED`],
        ["GITLAB", two],
        ["GITLAB_SELF_MANAGED", two],
        ["BITBUCKET", two],
    ];
    for (const [type, events] of table) {
        it(`takes ${events} of ${type} into the default branch`, () => {
            assert.deepEqual(pullRequestFilterGroups(type, "main"), [
                {
                    filters: [
                        { type: "EVENT", pattern: events },
                        { type: "BASE_REF", pattern: "^refs/heads/main$" },
                    ],
                },
            ]);
        });
    }
});

describe("pullRequestBuildPolicy", () => {
    const table: [type: GitHost, approverRoles: string[]][] = [
        ["GITHUB", ["GITHUB_ADMIN", "GITHUB_MAINTAIN"]],
        ["GITHUB_ENTERPRISE", ["GITHUB_ADMIN", "GITHUB_MAINTAIN"]],
        ["GITLAB", ["GITLAB_OWNER", "GITLAB_MAINTAINER"]],
        ["GITLAB_SELF_MANAGED", ["GITLAB_OWNER", "GITLAB_MAINTAINER"]],
        ["BITBUCKET", ["BITBUCKET_ADMIN"]],
    ];
    for (const [type, approverRoles] of table) {
        it(`lets all pull requests of ${type} wait for one of ${approverRoles.join(", ")}`, () => {
            const expected = { requiresCommentApproval: "ALL_PULL_REQUESTS", approverRoles };
            assert.deepEqual(pullRequestBuildPolicy(type), expected);
        });
    }
});

describe("webhookSourceType", () => {
    it("takes Git hosts", () => assert.equal(webhookSourceType("GITLAB"), "GITLAB"));

    for (const type of [undefined, "S3", "CODEPIPELINE", "CODECOMMIT"]) {
        it(`refuses ${type ?? "no source"}`, () => {
            assert.throws(() => webhookSourceType(type), {
                message:
                    `The source of a project with webhooks is ${type ?? "NO_SOURCE"}; ` +
                    "allowed: BITBUCKET, GITHUB, GITHUB_ENTERPRISE, GITLAB, GITLAB_SELF_MANAGED.",
            });
        });
    }
});
