import assert from "node:assert/strict";
import { searchable } from "../../../../local/commands/smoke/leftovers";

describe("smoke: the search for what is left", () => {
    it("looks for what lives by itself, and for the report groups that builds make", () => {
        const arn = "arn:aws:codebuild:eu-central-1:111122223333:project/app-smoke";
        const resources = [
            { type: "pulumi:pulumi:Stack" },
            { type: "cached-image-pipeline:index:ImagePipeline" },
            { type: "pulumi:providers:aws", id: "1" },
            { type: "aws:codebuild/project:Project", id: arn },
            { type: "aws:s3/bucket:Bucket", id: "bucket" },
            { type: "aws:s3/bucketPolicy:BucketPolicy", id: "bucket" },
        ];
        assert.deepEqual(searchable(resources), [
            { type: "aws:codebuild/project:Project", id: arn },
            { type: "aws:s3/bucket:Bucket", id: "bucket" },
            { type: "CodeBuild's report group", id: "app-smoke-" },
        ]);
    });

    it("knows every type that the program declares, or says which it does not", () => {
        assert.throws(() => searchable([{ type: "aws:sqs/queue:Queue", id: "1" }]), {
            message: "local/commands/smoke/leftovers.ts does not say how to look for aws:sqs/queue:Queue.",
        });
    });
});
