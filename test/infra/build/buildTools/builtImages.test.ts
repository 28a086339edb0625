import assert from "node:assert/strict";
import { joinedDigest } from "../../../../infra/build/buildTools/builtImages";

const index = (manifests: string[]) => ({
    images: [
        {
            imageId: { imageDigest: "sha256:index", imageTag: "src-1" },
            imageManifest: JSON.stringify({ manifests: manifests.map((digest) => ({ digest })) }),
            imageManifestMediaType: "application/vnd.oci.image.index.v1+json",
        },
    ],
});

describe("joinedDigest", () => {
    it("is that of the index which joins the platforms of the build, in whatever order", () => {
        assert.equal(joinedDigest(index(["d2", "d1"]), "src-1", ["d1", "d2"]), "sha256:index");
    });

    it("is none where there is no index", () => {
        const failures = [{ imageId: { imageTag: "src-1" }, failureCode: "ImageNotFound" }];
        assert.equal(joinedDigest({ images: [], failures }, "src-1", ["d1"]), undefined);
    });

    for (const [what, manifests] of Object.entries({
        "another image": ["d1", "d3"],
        more: ["d1", "d2", "d3"],
        less: ["d1"],
    })) {
        it(`is refused where the tag is on an index that joins ${what}`, () => {
            assert.throws(() => joinedDigest(index(manifests), "src-1", ["d1", "d2"]), {
                message:
                    "src-1 is sha256:index by now, which does not join the images of this build: another build of the same source ended " +
                    "at the same time, or somebody moved the tag; start the build again.",
            });
        });
    }

    it("is refused where the tag is on an image for one platform", () => {
        const { images } = index([]);
        assert.throws(
            () => joinedDigest({ images: [{ ...images[0]!, imageManifest: '{"layers":[]}' }] }, "src-1", ["d1"]),
            /does not join/,
        );
    });
});
