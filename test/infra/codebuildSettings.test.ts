import assert from "node:assert/strict";
import { projectSettings } from "../../infra/codebuildSettings";
import { parseSettings } from "../../infra/settings";

const connectionArn = "arn:aws:codeconnections:eu-central-1:123456789012:connection/1";
const artifactBucketArn = "arn:aws:s3:::pipeline-artifacts";
const location = "https://gitlab.com/acme/shop.git";

/** The lines that say what is wrong with a setting. */
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

describe("projectSettings", () => {
    type Source = Parameters<typeof projectSettings>[0];
    const auth = { type: "CODECONNECTIONS", resource: connectionArn };
    const none = { auth: undefined, location: undefined };
    const table: [Source, ReturnType<typeof projectSettings>][] = [
        [{ type: "NO_SOURCE", webhooks: false }, {}],
        [
            { type: "GITLAB", location, connectionArn, webhooks: true },
            { source: { type: "GITLAB", location, auth }, pipelineArtifactBucketArn: undefined, webhooks: true },
        ],
        [
            { type: "S3", location: "sources/shop.zip", webhooks: false },
            {
                source: { ...none, type: "S3", location: "sources/shop.zip" },
                pipelineArtifactBucketArn: undefined,
                webhooks: false,
            },
        ],
        [
            { type: "CODEPIPELINE", artifactBucketArn, webhooks: false },
            {
                source: { ...none, type: "CODEPIPELINE" },
                pipelineArtifactBucketArn: artifactBucketArn,
                webhooks: false,
            },
        ],
    ];
    for (const [source, expected] of table) {
        it(`follow from a source of type ${source.type}`, () => assert.deepEqual(projectSettings(source), expected));
    }
});

describe("the setting source", () => {
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
            "source.token is not a setting; allowed: artifactBucketArn, connectionArn, location, type, webhooks",
        ],
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
