import assert from "node:assert/strict";
import { settingsOfSource } from "../../../infra/config/codebuildSettings";
import { parseSettings } from "../../../infra/config/settings";

const connectionArn = "arn:aws:codeconnections:eu-central-1:123456789012:connection/1";
const otherConnectionArn = "arn:aws:codeconnections:eu-central-1:123456789012:connection/2";
const artifactBucketArn = "arn:aws:s3:::pipeline-artifacts";
const location = "https://gitlab.com/acme/shop.git";

/** Lists the lines about a wrong setting. */
function problemsOf(name: string, value: unknown): string[] {
    let problems: string[] = [];
    const refused = new Error("refused");
    const parse = () =>
        parseSettings("shop", { [`shop:${name}`]: JSON.stringify(value) }, (lines) => {
            problems = lines;
            throw refused;
        });
    assert.throws(parse, refused);
    return problems;
}

describe("settingsOfSource", () => {
    type Source = Parameters<typeof settingsOfSource>[0];
    const auth = { type: "CODECONNECTIONS", resource: connectionArn };
    const none = { auth: undefined, location: undefined };
    const nothing = { pipelineArtifactBucketArn: undefined };
    const table: [Source, ReturnType<typeof settingsOfSource>][] = [
        [{ type: "NO_SOURCE", webhooks: false }, {}],
        [
            { type: "GITLAB", location, connectionArn, webhooks: true },
            { ...nothing, source: { type: "GITLAB", location, auth }, webhooks: true },
        ],
        [
            {
                type: "BITBUCKET",
                location,
                connectionArn,
                pullRequestConnectionArn: otherConnectionArn,
                tagPattern: "v[0-9.]+",
                webhooks: true,
            },
            {
                ...nothing,
                source: { type: "BITBUCKET", location, auth },
                webhooks: true,
                pullRequestConnectionArn: otherConnectionArn,
                tagPattern: "v[0-9.]+",
            },
        ],
        [
            { type: "S3", location: "sources/shop.zip", webhooks: false },
            {
                ...nothing,
                source: { ...none, type: "S3", location: "sources/shop.zip" },
                webhooks: false,
            },
        ],
        [
            { type: "CODEPIPELINE", artifactBucketArn, webhooks: false },
            {
                ...nothing,
                source: { ...none, type: "CODEPIPELINE" },
                pipelineArtifactBucketArn: artifactBucketArn,
                webhooks: false,
            },
        ],
    ];
    for (const [source, expected] of table) {
        it(`follow from a source of type ${source.type}`, () =>
            assert.deepEqual(settingsOfSource(source, false), expected));
    }

    it("are those of pull requests alone where a delivery pipeline starts all other builds", () => {
        const git = { type: "GITHUB", location, connectionArn, webhooks: true } as const;
        assert.deepEqual(settingsOfSource(git, true), {
            source: { type: "CODEPIPELINE" },
            pullRequestSource: { type: "GITHUB", location, auth: { type: "CODECONNECTIONS", resource: connectionArn } },
            webhooks: true,
        });
        assert.deepEqual(settingsOfSource({ type: "NO_SOURCE", webhooks: false }, true), {
            source: { type: "CODEPIPELINE" },
        });
    });
});

describe("the setting source", () => {
    const git = { type: "GITHUB", location, connectionArn };
    const table: [value: object, ...problems: string[]][] = [
        [
            { type: "SVN" },
            'source.type is "SVN"; allowed: NO_SOURCE, GITHUB, GITHUB_ENTERPRISE, GITLAB, GITLAB_SELF_MANAGED, BITBUCKET, S3, CODEPIPELINE',
        ],
        [
            { type: "GITHUB" },
            "source.location is missing; allowed: a value, since the type is GITHUB",
            "source.connectionArn is missing; allowed: a value, since the type is GITHUB",
        ],
        [{ type: "S3", location: "a/b.zip", webhooks: true }, "source.webhooks is true; allowed: false with S3"],
        [{ type: "NO_SOURCE", location }, `source.location is "${location}"; allowed: no value with NO_SOURCE`],
        [
            { type: "CODEPIPELINE" },
            "source.artifactBucketArn is missing; allowed: a value, since the type is CODEPIPELINE",
        ],
        [
            { type: "GITHUB", location, connectionArn: "mine" },
            'source.connectionArn is "mine"; allowed: the ARN of a connection to a Git host',
        ],
        [
            { token: "secret" },
            "source.token is not a setting; allowed: artifactBucketArn, connectionArn, location, pullRequestConnectionArn, tagPattern, type, webhooks",
        ],
        [
            { ...git, pullRequestConnectionArn: otherConnectionArn, tagPattern: "v1" },
            `source.pullRequestConnectionArn is "${otherConnectionArn}"; allowed: no value without webhooks`,
            'source.tagPattern is "v1"; allowed: no value without webhooks',
        ],
        [
            { ...git, webhooks: true, pullRequestConnectionArn: connectionArn },
            `source.pullRequestConnectionArn is "${connectionArn}"; allowed: another connection than connectionArn`,
        ],
        [
            { ...git, webhooks: true, pullRequestConnectionArn: "mine" },
            'source.pullRequestConnectionArn is "mine"; allowed: the ARN of a connection to a Git host',
        ],
        ...["", "v(", "a)|(b", "^v1", "v1$"].map((tagPattern): [object, string] => [
            { ...git, webhooks: true, tagPattern },
            `source.tagPattern is "${tagPattern}"; allowed: a regular expression for the whole name of a tag, without ^ and $`,
        ]),
    ];
    for (const [value, ...problems] of table) {
        it(`refuses ${JSON.stringify(value)}`, () => {
            assert.deepEqual(
                problemsOf("source", value),
                problems.map((problem) => `shop:${problem}`),
            );
        });
    }
});

describe("the setting infrastructure", () => {
    it("names everything that is missing", () => {
        assert.deepEqual(problemsOf("infrastructure", { stateKeyArn: "mine" }), [
            "shop:infrastructure.stateBucket is missing; allowed: the name of a bucket",
            'shop:infrastructure.stateKeyArn is "mine"; allowed: the ARN of a KMS key',
            "shop:infrastructure.pulumiVersion is missing; allowed: a version such as 3.248.0",
            "shop:infrastructure.pulumiChecksum is missing; allowed: 64 hexadecimal digits",
        ]);
    });
});
