import assert from "node:assert/strict";
import { CacheBucket, type CacheBucketArgs } from "../../../infra/codebuild/cacheBucket";
import {
    isKnown,
    mockPulumi,
    type MockOptions,
    type MockWorld,
    unknown,
    valueOf,
} from "../../../local/mocks/mockPulumi";

async function declare(args?: CacheBucketArgs, options: MockOptions = {}) {
    const world = await mockPulumi(options);
    const bucket = new CacheBucket("cache", args);
    await world.settle();
    return { world, bucket };
}

const tree = [
    "CacheBucket cache",
    "  Bucket cache-bucket",
    "  BucketLifecycleConfiguration cache-lifecycle",
    "  BucketPolicy cache-policy",
    "  BucketPublicAccessBlock cache-public-access",
    "  BucketServerSideEncryptionConfiguration cache-encryption",
];
const children = ["cache-bucket", "cache-lifecycle", "cache-policy", "cache-public-access", "cache-encryption"];
const bucketName = "cache-bucket-1a2b3c4";

function inputsOf(world: MockWorld): Record<string, unknown> {
    return Object.fromEntries(children.map((name) => [name, world.resource(name).inputs]));
}

/** Makes the expected rules. Tools that builds read lie below none of the prefixes, so they stay. */
function expiryRules(days: number, daysOfProofs: number): unknown[] {
    return Object.entries({ "build-cache": days, artifacts: days, built: daysOfProofs }).map(([prefix, age]) => ({
        id: `expire-${prefix}`,
        status: "Enabled",
        filter: { prefix: `${prefix}/` },
        expiration: { days: age },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
    }));
}

const defaults = {
    "cache-bucket": { forceDestroy: false },
    "cache-public-access": {
        bucket: bucketName,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
    },
    "cache-encryption": {
        bucket: bucketName,
        rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
    },
    "cache-lifecycle": {
        bucket: bucketName,
        rules: expiryRules(30, 1500),
    },
    "cache-policy": {
        bucket: bucketName,
        policy: JSON.stringify({
            Version: "2012-10-17",
            Statement: [
                {
                    Sid: "DenyWithoutTls",
                    Effect: "Deny",
                    Principal: "*",
                    Action: "s3:*",
                    Resource: [`arn:aws:s3:::${bucketName}`, `arn:aws:s3:::${bucketName}/*`],
                    Condition: { Bool: { "aws:SecureTransport": "false" } },
                },
            ],
        }),
    },
};

describe("CacheBucket", () => {
    it("declares a private, encrypted bucket that takes TLS only and forgets", async () => {
        const { world, bucket } = await declare();
        assert.deepEqual(world.tree(), tree);
        assert.deepEqual(inputsOf(world), defaults);
        const expected = { bucketName, bucketArn: `arn:aws:s3:::${bucketName}` };
        assert.deepEqual(world.resource("CacheBucket cache").outputs, expected);
        assert.equal(await valueOf(bucket.bucketName), expected.bucketName);
        assert.equal(await valueOf(bucket.bucketArn), expected.bucketArn);
        assert.deepEqual(world.invokes, []);
    });

    it("sets the policy after the access block, since S3 refuses both at once", async () => {
        const { world } = await declare();
        assert.deepEqual(world.resource("cache-policy").options, {
            retainOnDelete: true,
            dependsOn: ["BucketPublicAccessBlock cache-public-access"],
        });
    });

    it("outlives the stack with everything that protects it", async () => {
        const { world } = await declare({ forceDestroy: false });
        for (const name of children) assert.equal(world.resource(name).options.retainOnDelete, true, name);
    });

    it("goes with its content with forceDestroy", async () => {
        const { world } = await declare({ forceDestroy: true });
        assert.deepEqual(inputsOf(world), { ...defaults, "cache-bucket": { forceDestroy: true } });
        for (const name of children) assert.equal(world.resource(name).options.retainOnDelete, undefined, name);
    });

    it("passes expiry and KMS key on", async () => {
        const { world } = await declare({
            expiryDays: 5,
            maxBuildCount: 10,
            kmsKeyArn: "arn:aws:kms:eu-central-1:123456789012:key/1",
        });
        assert.deepEqual(inputsOf(world), {
            ...defaults,
            "cache-lifecycle": {
                bucket: bucketName,
                rules: expiryRules(5, 50),
            },
            "cache-encryption": {
                bucket: bucketName,
                rules: [
                    {
                        applyServerSideEncryptionByDefault: {
                            sseAlgorithm: "aws:kms",
                            kmsMasterKeyId: "arn:aws:kms:eu-central-1:123456789012:key/1",
                        },
                        bucketKeyEnabled: true,
                    },
                ],
            },
        });
    });

    it("declares nothing for an existing bucket and only looks it up", async () => {
        const { world, bucket } = await declare({ existingBucketName: "team-cache", forceDestroy: true });
        assert.deepEqual(world.tree(), ["CacheBucket cache"]);
        assert.deepEqual(world.invokes, [{ token: "aws:s3/getBucket:getBucket", inputs: { bucket: "team-cache" } }]);
        assert.equal(await valueOf(bucket.bucketName), "team-cache");
        assert.equal(await valueOf(bucket.bucketArn), "arn:aws:s3:::team-cache");
    });

    it("declares the same in the first preview, with the bucket's name unknown", async () => {
        const { world, bucket } = await declare({}, { preview: true });
        assert.deepEqual(world.tree(), tree);
        assert.deepEqual(
            children.map((name) => world.resource(name).inputs["bucket"]),
            [undefined, unknown, unknown, unknown, unknown],
        );
        assert.equal(world.resource("cache-policy").inputs["policy"], unknown);
        assert.equal(await isKnown(bucket.bucketName), false);
    });
});
