import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { sourceAccess, sourceInputs } from "../../../infra/codebuild/projectSettings";

describe("sourceInputs", () => {
    const source = { type: "GITHUB", location: "https://github.com/acme/shop.git" };

    it("joins a source and the buildspec; without a source each build names its own", () => {
        assert.deepEqual(sourceInputs(source, "version: 0.2\n"), { ...source, buildspec: "version: 0.2\n" });
        assert.deepEqual(sourceInputs(undefined, "version: 0.2\n"), { type: "NO_SOURCE", buildspec: "version: 0.2\n" });
    });

    it("refuses a buildspec in the source, which would be ignored", () => {
        assert.throws(
            () => sourceInputs({ ...source, buildspec: "other.yml" }, "version: 0.2\n"),
            (error: unknown) =>
                pulumi.InputPropertyError.isInstance(error) &&
                error.propertyPath === "source.buildspec" &&
                error.reason === "it has a value; allowed: none, since `buildspec` is an argument of its own",
        );
    });
});

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
