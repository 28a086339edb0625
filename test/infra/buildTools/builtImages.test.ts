import assert from "node:assert/strict";
import type { AwsCalls } from "../../../infra/buildTools/awsCalls";
import { joinedDigest, lookUpBuilt } from "../../../infra/buildTools/builtImages";
import { adopted } from "../../../infra/buildTools/missing";
import { build, builtImage, filling, image, imageState, pinned } from "./imageStates";

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

describe("what a build made", () => {
    /** Makes an ECR that answers with the present places of tags, and has all digests that it is asked for. */
    function ecr(index?: { digest: string; joins: string[] }) {
        const asked: string[] = [];
        const found = (id: object, manifest: string) => ({
            imageId: id,
            imageManifest: manifest,
            imageManifestMediaType: "type",
        });
        const lookUp: AwsCalls["lookUp"] = (repositoryName, tags, digests = []) => {
            asked.push(`${repositoryName}: ${[...tags, ...digests].join()}`);
            const manifest = JSON.stringify({ manifests: index?.joins.map((digest) => ({ digest })) });
            const tagged = tags.filter((tag) => tag === "src-1" && index !== undefined);
            return Promise.resolve({
                images: [
                    ...digests.map((imageDigest) => found({ imageDigest }, "{}")),
                    ...tagged.map((imageTag) => found({ imageTag, imageDigest: index!.digest }, manifest)),
                ],
                failures: tags
                    .filter((tag) => !tagged.includes(tag))
                    .map((imageTag) => ({ imageId: { imageTag }, failureCode: "ImageNotFound" })),
            });
        };
        return { asked, calls: { lookUp } as AwsCalls };
    }

    it("is looked up by digest: platforms, stages, and the index that joins them", async () => {
        const built = { amd64: builtImage("d1"), "amd64/deps": builtImage("d3") };
        const filled = { ...pinned, filling: { ...filling, to: "registry/shop:deps-last-main-1" } };
        const plan = { ...image, commitTag: "git-1", builds: [build("amd64", [filled]), build("arm64")] };
        const one = imageState(plan, ["src-1-arm64"], built);
        const { asked, calls } = ecr({ digest: "index", joins: ["sha256:src-1-arm64", "d1"] });
        assert.deepEqual(await lookUpBuilt(calls, one), {
            repositoryName: "shop",
            digests: { "src-1-amd64": "d1", "src-1": "index" },
        });
        assert.deepEqual(asked, ["shop: src-1,git-1,deps-last-main-1,sha256:src-1-arm64,d3,d1"]);
        assert.deepEqual(one.digests, {
            "src-1-arm64": "sha256:src-1-arm64",
            "deps-1": "d3",
            "deps-last-main-1": "d3",
            "src-1-amd64": "d1",
            "src-1": "index",
        });
        assert.equal(adopted(one, "src-1")?.digest, "index");
    });

    it("is what the builder told, wherever the tag of an image for one platform is by then", async () => {
        const plan = { ...image, builds: [{ ...build("amd64"), tag: "src-1" }] };
        const one = imageState(plan, [], { amd64: builtImage("d1") });
        const { calls } = ecr({ digest: "moved", joins: [] });
        assert.deepEqual((await lookUpBuilt(calls, one)).digests, { "src-1": "d1" });
        assert.equal(adopted(one, "src-1")?.digest, "d1");
    });

    it("is nothing that a pull request built, and ECR is not asked", async () => {
        const builds = image.builds.map((one) => ({ ...one, pushed: undefined }));
        const one = imageState({ ...image, builds }, [], { amd64: builtImage("d1"), arm64: builtImage() });
        const { asked, calls } = ecr();
        assert.deepEqual((await lookUpBuilt(calls, one)).digests, {});
        assert.deepEqual(asked, []);
    });

    it("is its platform for a task of a batch, which joins nothing", async () => {
        const one = imageState({ ...image, builds: [build("arm64")], isJoinedElsewhere: true }, [], {
            arm64: builtImage("d2"),
        });
        const { asked, calls } = ecr();
        assert.deepEqual((await lookUpBuilt(calls, one)).digests, { "src-1-arm64": "d2" });
        assert.deepEqual(asked, ["shop: d2"]);
    });

    it("has no proof without a digest that BuildKit told", async () => {
        const one = imageState({ ...image, builds: [{ ...build("amd64"), tag: "src-1" }] }, [], {
            amd64: builtImage(),
        });
        await assert.rejects(lookUpBuilt(ecr().calls, one), { message: "BuildKit told no digest of app for amd64." });
    });
});
