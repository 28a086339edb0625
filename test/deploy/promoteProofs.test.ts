import assert from "node:assert/strict";
import { BatchGetImageCommand, PutImageCommand } from "@aws-sdk/client-ecr";
import { cacheBucketName, parameterName, repositoryName, run } from "./deployWorld";
import { promotion, type PromotionWorld, startPromotionWorld } from "./promotionWorld";

const session = "arn:aws:sts::000000000000:assumed-role/promotion/session";
const advice =
    "promote an image that its builds or updates made, with a role that may read their proofs (ci.promoteFrom.bucketName of its stack).";
const proof = (tag: string) => `s3://${cacheBucketName}/built/${repositoryName}/${tag}`;

describe("deploy/promote.sh, of what no proof names", function () {
    this.timeout(120_000);
    let world: PromotionWorld;
    let proven: string;

    before(async () => {
        world = await startPromotionWorld(["untagged", "unproven", "moved", "proven"]);
        proven = world.digests["proven"]!;
        await world.prove("src-proven", proven);
        await world.prove("src-moved", proven);
    });
    after(() => world.stop());

    const image = (name: string) => `${world.repositoryUrl}@${world.digests[name]}`;
    const refusal = (name: string, reason: string) =>
        `error: nothing proves that ${image(name)} was built there: ${reason}; ${advice}\n`;

    const cases: [what: string, name: string, reason: () => string][] = [
        ["has no content tag", "untagged", () => "it has no tag src-…"],
        [
            "has no proof",
            "unproven",
            () =>
                `${proof("src-unproven")}: An error occurred (NoSuchKey) when calling the GetObject operation: ` +
                "The specified key does not exist. ",
        ],
        ["has the content tag of another one", "moved", () => `${proof("src-moved")} names ${proven}`],
    ];
    for (const [what, name, reason] of cases) {
        it(`hands on no image that ${what}, although it was released`, async () => {
            for (const more of [[], ["--unreleased"], ["--to", world.to]]) {
                const { code, stdout, stderr } = await world.promote("--image", image(name), ...more);
                assert.deepEqual([code, stdout, stderr], [1, "", refusal(name, reason())]);
            }
            assert.deepEqual(await world.copies(), {});
        });
    }

    it("says which permission is missing, where the stack names no bucket", async () => {
        await world.allow({ ...promotion, proofs: undefined });
        const { code, stdout, stderr } = await world.promote();
        await world.allow(promotion);
        const reason =
            `${proof("src-proven")}: An error occurred (AccessDenied) when calling the GetObject operation: User: ${session} ` +
            // S3 itself names the object as well.
            "is not authorized to perform: s3:GetObject because no identity-based policy allows the s3:GetObject action ";
        assert.deepEqual([code, stdout, stderr], [1, "", refusal("proven", reason)]);
    });

    it("asks for the bucket, where the environment that it is run with names none", async () => {
        const environment = { ...world.environment, CACHE_BUCKET_NAME: "" };
        const { code, stdout, stderr } = await run(["deploy/promote.sh", "--from", parameterName], environment);
        const error =
            "error: not set: CACHE_BUCKET_NAME; they are lines of the stack's output deployEnv (pulumi stack output deployEnv).\n";
        assert.deepEqual([code, stdout, stderr], [1, "", error]);
    });

    it("goes by the content tag that a proof is about, whatever other tags the image was given", async () => {
        const { ecr } = world.admin;
        const id = { repositoryName, imageIds: [{ imageDigest: proven }] };
        const { images = [] } = await ecr.send(new BatchGetImageCommand(id));
        const { imageManifest, imageManifestMediaType } = images[0]!;
        const put = { repositoryName, imageManifest, imageManifestMediaType };
        for (const imageTag of ["src-another", "src-zero"]) await ecr.send(new PutImageCommand({ ...put, imageTag }));
        const { code, stdout, stderr } = await world.promote("--to", world.to);
        assert.deepEqual([code, stdout, stderr], [0, `${world.to}@${proven}\n`, ""]);
        assert.deepEqual((await world.copies())[proven], ["src-proven"]);
    });
});
