import { type WebhookEvent, webhookSourceVersion, webhookVariables } from "../../../local/aws/codebuild/webhook";

/** Origin of a build, as CodeBuild would report it: variables that the author of a change may influence. */
export interface HostileReference {
    what: string;
    variables: Record<string, string>;
}

/** Lists names of branches that are commands, options, paths and more. @param mark file that a command would leave */
function hostileBranchNames(mark: string): Record<string, string> {
    return {
        "a command in parentheses": `$(touch ${mark})`,
        "a command in backquotes": `\`touch ${mark}\``,
        "the end of a command and another": `x; touch ${mark}; #`,
        "two lines": `x\ntouch ${mark}`,
        "an option": "--output=type=local,dest=/registry.invalid",
        "a build argument": "x --build-arg=BASE_REGISTRY=registry.invalid",
        "a path to the default branch": "x/../../main",
        "300 characters": "x".repeat(300),
        "no letters": "🦊/💥",
    };
}

/** Push for which a trusted build would write a cache. */
export const trustedPush: HostileReference = {
    what: "a push to the default branch",
    variables: webhookVariables({ event: "push", head: "main" }),
};

/** Payloads of a webhook with odd fields, as the local CodeBuild takes them. */
const payloads: Record<string, WebhookEvent> = {
    "whose head is the ref of the default branch": { event: "pull_request", head: "refs/heads/main", base: "main" },
    "whose head is called as its base": { event: "pull_request", head: "main", base: "main" },
    "whose head is a tag": { event: "pull_request", head: "refs/tags/v1", base: "main" },
    "whose head is another pull request": { event: "pull_request", head: "refs/pull/2/merge", base: "main" },
    "whose head is a commit": { event: "pull_request", head: "1".repeat(40), base: "main" },
    "whose head is a commit of the default branch": {
        event: "pull_request",
        head: "refs/heads/main^{commit}",
        base: "main",
    },
    "without a head": { event: "pull_request", head: "", base: "main" },
    "without a base": { event: "pull_request", head: "refs/heads/main" },
    "whose base is a tag": { event: "pull_request", head: "feature", base: "refs/tags/v1" },
    "whose base has another line": { event: "pull_request", head: "feature", base: "main\nPUSH" },
};

/** Lists all origins of a pull request that must never be taken for a trusted branch. */
export function hostileReferences(mark: string): HostileReference[] {
    const event = { CODEBUILD_WEBHOOK_EVENT: "PULL_REQUEST_CREATED", CODEBUILD_WEBHOOK_TRIGGER: "pr/1" };
    const commit = "1".repeat(40);
    return [
        {
            what: "a fork's branch that is called as the default branch",
            variables: { ...event, CODEBUILD_WEBHOOK_HEAD_REF: "refs/heads/main", CODEBUILD_SOURCE_VERSION: "main" },
        },
        {
            what: "an event whose trigger says a branch",
            variables: {
                ...event,
                CODEBUILD_WEBHOOK_TRIGGER: "branch/main",
                CODEBUILD_WEBHOOK_HEAD_REF: "refs/heads/main",
            },
        },
        {
            what: "an event without a trigger",
            variables: { ...event, CODEBUILD_WEBHOOK_TRIGGER: "", CODEBUILD_WEBHOOK_HEAD_REF: "refs/heads/main" },
        },
        {
            what: "a trigger without an event, with a commit as the version",
            variables: { CODEBUILD_WEBHOOK_TRIGGER: "pr/1", CODEBUILD_SOURCE_VERSION: commit },
        },
        {
            what: "a trigger with another line",
            variables: { CODEBUILD_WEBHOOK_TRIGGER: "pr/1\nbranch/main", CODEBUILD_SOURCE_VERSION: commit },
        },
        {
            what: "an event of a kind that is not known yet",
            variables: {
                CODEBUILD_WEBHOOK_EVENT: "PULL_REQUEST_SYNCHRONIZED",
                CODEBUILD_WEBHOOK_HEAD_REF: "refs/heads/main",
            },
        },
        { what: "a pull request as the version", variables: { CODEBUILD_SOURCE_VERSION: "pr/1" } },
        { what: "a pull request's merge as the version", variables: { CODEBUILD_SOURCE_VERSION: "refs/pull/1/merge" } },
        {
            what: "a pull request's commit under the name of the default branch",
            variables: { CODEBUILD_SOURCE_VERSION: `refs/heads/main^{${commit}}` },
        },
        {
            what: "a pull request's commit in a batch",
            variables: { CODEBUILD_SOURCE_VERSION: commit, CODEBUILD_BATCH_BUILD_IDENTIFIER: "amd64" },
        },
        ...Object.entries(payloads).map(([what, payload]) => ({
            what: `a pull request ${what}`,
            variables: { ...webhookVariables(payload), CODEBUILD_SOURCE_VERSION: webhookSourceVersion(payload)! },
        })),
        {
            what: "a push whose commit is a pull request's, by its message",
            variables: { CODEBUILD_SOURCE_VERSION: ":/pull request" },
        },
        ...Object.entries(hostileBranchNames(mark)).map(([what, name]) => ({
            what: `a branch whose name is ${what}`,
            variables: { ...event, CODEBUILD_WEBHOOK_HEAD_REF: `refs/heads/${name}`, CODEBUILD_SOURCE_VERSION: "pr/1" },
        })),
    ];
}

/**
 * Renders a program that makes the build tools plan with the variables of each reference, and prints the plans. It runs in a build, after
 * the tools were fetched.
 */
export function planningProgram(references: HostileReference[]): string {
    return `
const { spawnSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");
const given = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^CODEBUILD_(WEBHOOK|SOURCE_VERSION|BATCH)/.test(name)));
for (const { what, variables } of ${JSON.stringify(references)}) {
    const folder = fs.mkdtempSync(path.join(process.env.TMPDIR, "plan-"));
    const { status, stdout } = spawnSync(process.execPath, [process.env.WORK + "/tools.js", "prepare", folder], {
        env: { ...given, ...variables },
        encoding: "utf8",
    });
    const files = fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const plan = files.map((entry) => fs.readFileSync(path.join(entry.parentPath ?? entry.path, entry.name), "utf8")).join("\\n");
    const writes = [...plan.matchAll(/type=registry,ref=[^,"]*:(cache-[^,"]*),mode=/g)].map(([, tag]) => tag);
    const isNamed = plan.includes("registry.invalid");
    const answer = { status, origin: /^Building (.*):$/m.exec(stdout)?.[1], isPlanned: /--file=/.test(plan), writes, isNamed };
    console.log("ANSWER " + JSON.stringify({ what, answer: JSON.stringify(answer) }));
    fs.rmSync(folder, { recursive: true });
}
`;
}
