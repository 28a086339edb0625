import assert from "node:assert/strict";
import { sourceAccess } from "../../../infra/codebuild/projectSettings";

describe("sourceAccess", () => {
    const location = "https://github.com/acme/shop.git";
    const resource = "arn:aws:codeconnections:eu-central-1:123456789012:connection/1";
    const table: [
        what: string,
        source: Parameters<typeof sourceAccess>[0],
        expected: ReturnType<typeof sourceAccess>,
    ][] = [
        ["no source", undefined, {}],
        ["a source that each build names", { type: "NO_SOURCE" }, {}],
        ["a public repository", { type: "GITHUB", location }, {}],
        [
            "a connection",
            { type: "GITHUB", location, auth: { type: "CODECONNECTIONS", resource } },
            { connectionArn: resource },
        ],
        [
            "a token in Secrets Manager",
            { type: "GITHUB", location, auth: { type: "SECRETS_MANAGER", resource: "arn" } },
            {},
        ],
        ["S3", { type: "S3", location: "sources/shop.zip" }, { s3ObjectArn: "arn:aws-cn:s3:::sources/shop.zip" }],
    ];
    for (const [what, source, expected] of table) {
        it(`is ${JSON.stringify(expected)} for ${what}`, () =>
            assert.deepEqual(sourceAccess(source, "aws-cn"), expected));
    }

    it("is the pipeline's artifact bucket for a pipeline, and refuses to go without", () => {
        const artifactBucketArn = "arn:aws:s3:::pipeline-artifacts";
        assert.deepEqual(sourceAccess({ type: "CODEPIPELINE" }, "aws", artifactBucketArn), { artifactBucketArn });
        assert.throws(() => sourceAccess({ type: "CODEPIPELINE" }, "aws"), {
            message:
                "The source is CODEPIPELINE; it needs `pipelineArtifactBucketArn`, the pipeline's artifact bucket.",
        });
    });
});
