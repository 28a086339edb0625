import assert from "node:assert/strict";
import { type BuildVariables, commitOf, gitReference } from "../../../infra/buildTools/gitReference";
import type { GitReference } from "../../../infra/plan/cachePolicy";

const sha1 = "0123456789abcdef0123456789abcdef01234567";
const sha256 = `${sha1}0123456789abcdef01234567`;
const branch = (name: string): GitReference => ({ kind: "branch", name });
const tag: GitReference = { kind: "tag" };
const pullRequest: GitReference = { kind: "pullRequest" };

describe("gitReference", () => {
    const table: [what: string, variables: BuildVariables, expected: GitReference][] = [
        ["nothing", {}, branch("usual")],
        ["empty variables", { CODEBUILD_SOURCE_VERSION: "", CODEBUILD_WEBHOOK_TRIGGER: "" }, branch("usual")],
        ["a push to a branch", { CODEBUILD_WEBHOOK_TRIGGER: "branch/feature/x" }, branch("feature/x")],
        ["a push of a tag", { CODEBUILD_WEBHOOK_TRIGGER: "tag/v1" }, tag],
        ["a pull request's trigger", { CODEBUILD_WEBHOOK_TRIGGER: "pr/12" }, pullRequest],
        ...["CREATED", "UPDATED", "REOPENED", "MERGED"].map((event): (typeof table)[number] => [
            `a pull request that was ${event}, although its branch is named too`,
            {
                CODEBUILD_WEBHOOK_EVENT: `PULL_REQUEST_${event}`,
                CODEBUILD_WEBHOOK_HEAD_REF: "refs/heads/main",
                CODEBUILD_SOURCE_VERSION: "main",
            },
            pullRequest,
        ]),
        ["a webhook's branch", { CODEBUILD_WEBHOOK_HEAD_REF: "refs/heads/a/b" }, branch("a/b")],
        ["a webhook's tag", { CODEBUILD_WEBHOOK_HEAD_REF: "refs/tags/v1" }, tag],
        ["a pull request by hand", { CODEBUILD_SOURCE_VERSION: "pr/12" }, pullRequest],
        ["a pull request's ref", { CODEBUILD_SOURCE_VERSION: "refs/pull/12/head" }, pullRequest],
        ["a merge request's ref", { CODEBUILD_SOURCE_VERSION: "refs/merge-requests/1/head" }, pullRequest],
        ["a branch's ref", { CODEBUILD_SOURCE_VERSION: "refs/heads/main" }, branch("main")],
        ["a branch's ref at a commit", { CODEBUILD_SOURCE_VERSION: `refs/heads/main^{${sha1}}` }, tag],
        ["a branch at a commit", { CODEBUILD_SOURCE_VERSION: `main^{${sha1}}` }, tag],
        ["an ancestor of a branch", { CODEBUILD_SOURCE_VERSION: "refs/heads/main~3" }, tag],
        ["a branch at a time", { CODEBUILD_SOURCE_VERSION: "main@{1.week.ago}" }, tag],
        ["a commit by its message", { CODEBUILD_SOURCE_VERSION: ":/pull request" }, tag],
        ["a commit of a branch by its message", { CODEBUILD_SOURCE_VERSION: "main^{/text}" }, tag],
        ["a file of a branch", { CODEBUILD_SOURCE_VERSION: "main:app/Dockerfile" }, tag],
        ["a file of a branch's ref", { CODEBUILD_SOURCE_VERSION: "refs/heads/main:app" }, tag],
        ["a file of the index", { CODEBUILD_SOURCE_VERSION: ":0:app/Dockerfile" }, tag],
        ["a commit by its message, after another line", { CODEBUILD_SOURCE_VERSION: "main\n:/text" }, tag],
        ["a name of two lines", { CODEBUILD_SOURCE_VERSION: "main\nx" }, branch("main\nx")],
        ["a pull request's ref with a colon", { CODEBUILD_SOURCE_VERSION: "refs/pull/1/head:app" }, pullRequest],
        ["a pull request's ref at a commit", { CODEBUILD_SOURCE_VERSION: `refs/pull/1/head^{${sha1}}` }, pullRequest],
        ["a branch's ref with a slash", { CODEBUILD_SOURCE_VERSION: "refs/heads/feature/x" }, branch("feature/x")],
        [
            "the commit of a batch that a pull request's webhook began",
            {
                CODEBUILD_WEBHOOK_TRIGGER: "pr/12",
                CODEBUILD_SOURCE_VERSION: sha1,
                CODEBUILD_BATCH_BUILD_IDENTIFIER: "amd64",
            },
            pullRequest,
        ],
        [
            "the commit of a batch that nobody's webhook began, whatever branch was asked for",
            { CODEBUILD_SOURCE_VERSION: sha1, CODEBUILD_BATCH_BUILD_IDENTIFIER: "amd64" },
            tag,
        ],
        ["a tag's ref", { CODEBUILD_SOURCE_VERSION: "refs/tags/v1" }, tag],
        ["a plain name", { CODEBUILD_SOURCE_VERSION: "feature/x" }, branch("feature/x")],
        ["a commit", { CODEBUILD_SOURCE_VERSION: sha1 }, tag],
        ["a commit of SHA-256", { CODEBUILD_SOURCE_VERSION: sha256 }, tag],
        ["an object of S3 with any name", { CODEBUILD_SOURCE_VERSION: "arn:aws:s3:::bucket/a~b^c" }, branch("usual")],
        ["an object of S3", { CODEBUILD_SOURCE_VERSION: "arn:aws:s3:::bucket/source.zip" }, branch("usual")],
    ];
    for (const [what, variables, expected] of table) {
        it(`takes ${what} for ${JSON.stringify(expected)}`, () => {
            assert.deepEqual(gitReference(variables, "usual"), expected);
        });
    }
});

describe("commitOf", () => {
    const table: [version: string | undefined, expected: string | undefined][] = [
        [sha1, sha1],
        [sha256, sha256],
        [undefined, undefined],
        ["", undefined],
        ["main", undefined],
        [sha1.slice(1), undefined],
        [sha1.toUpperCase(), undefined],
        ["arn:aws:s3:::bucket/source.zip", undefined],
    ];
    for (const [version, expected] of table) {
        it(`finds ${expected} in ${version}`, () => {
            assert.equal(commitOf({ CODEBUILD_RESOLVED_SOURCE_VERSION: version }), expected);
        });
    }
});
