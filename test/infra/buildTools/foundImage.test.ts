import assert from "node:assert/strict";
import { type BatchGetImageAnswer, foundImage } from "../../../infra/buildTools/foundImage";

const mediaType = "application/vnd.oci.image.manifest.v1+json";
const image = (imageDigest: string, imageTag?: string) => ({
    imageId: { imageDigest, imageTag },
    imageManifest: `{"of":"${imageDigest}"}`,
    imageManifestMediaType: mediaType,
});
const missing = (imageTag: string) => ({ imageId: { imageTag }, failureCode: "ImageNotFound" });
const found = (digest: string, isCommitTagged: boolean) => ({
    digest,
    manifest: `{"of":"${digest}"}`,
    mediaType,
    isCommitTagged,
});

describe("foundImage", () => {
    const table: [what: string, answer: BatchGetImageAnswer, expected: ReturnType<typeof foundImage>][] = [
        ["nothing", { images: [], failures: [missing("src-1"), missing("git-1")] }, undefined],
        [
            "the image without the commit's tag",
            { images: [image("d1", "src-1")], failures: [missing("git-1")] },
            found("d1", false),
        ],
        ["the image with both", { images: [image("d1", "git-1"), image("d1", "git-1")] }, found("d1", true)],
        [
            "the commit's tag on another image",
            { images: [image("d2", "git-1"), image("d1", "src-1")] },
            found("d1", true),
        ],
        [
            "the image beside others that were asked for",
            { images: [image("d2", "deps-1"), image("d1", "git-1")] },
            found("d1", true),
        ],
        ["the commit's tag alone", { images: [image("d2", "git-1")], failures: [missing("src-1")] }, undefined],
    ];
    for (const [what, answer, expected] of table) {
        it(`sees ${what}`, () => assert.deepEqual(foundImage(answer, "src-1", "git-1"), expected));
    }

    it("refuses to take another failure for a missing image", () => {
        const failure = { imageId: { imageTag: "src-1" }, failureCode: "KmsError", failureReason: "key is disabled" };
        assert.throws(() => foundImage({ images: [], failures: [failure] }, "src-1"), {
            message: "ECR could not look up src-1: KmsError, key is disabled.",
        });
    });

    it("refuses an answer without a manifest", () => {
        assert.throws(() => foundImage({ images: [{ imageId: { imageDigest: "d1", imageTag: "src-1" } }] }, "src-1"), {
            message: "ECR's answer to the lookup of src-1 has no digest or no manifest.",
        });
    });
});
