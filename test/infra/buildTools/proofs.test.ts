import assert from "node:assert/strict";
import type { AwsCalls } from "../../../infra/buildTools/awsCalls";
import type { BatchGetImageAnswer } from "../../../infra/buildTools/foundImage";
import type { ImagePlan } from "../../../infra/buildTools/plan";
import { adoptedDigest, Proofs } from "../../../infra/buildTools/proofs";
import { build, image } from "./imageStates";

const images = (ids: [imageDigest: string, imageTag: string][]) =>
    ids.map(([imageDigest, imageTag]) => ({ imageId: { imageDigest, imageTag }, imageManifest: "{}" }));
const failures = (...tags: string[]) =>
    tags.map((imageTag) => ({ imageId: { imageTag }, failureCode: "ImageNotFound" }));

describe("adoptedDigest", () => {
    const table: [
        what: string,
        answer: BatchGetImageAnswer,
        proof: string | undefined,
        expected: string | undefined,
    ][] = [
        ["adopts what the proof names", { images: images([["d1", "src-1"]]) }, "d1", "d1"],
        ["builds what has no proof", { images: images([["d1", "src-1"]]) }, undefined, undefined],
        ["builds where the tag is on another image", { images: images([["d2", "src-1"]]) }, "d1", undefined],
        ["builds what is not there", { images: [], failures: failures("src-1") }, "d1", undefined],
        [
            "builds where the tag is gone, though the image is there under another one",
            { images: images([["d1", "git-1"]]), failures: failures("src-1") },
            "d1",
            undefined,
        ],
        [
            "adopts what the proof names where ECR gives it under another tag",
            { images: images([["d1", "git-1"]]) },
            "d1",
            "d1",
        ],
        [
            "never adopts the image under the tag where the proof names another one",
            {
                images: images([
                    ["d2", "src-1"],
                    ["d1", "git-1"],
                ]),
            },
            "d1",
            "d1",
        ],
        ["takes an empty proof for none", { images: images([["d1", "src-1"]]) }, "", undefined],
    ];
    for (const [what, answer, proof, expected] of table) {
        it(what, () => assert.equal(adoptedDigest(answer, "src-1", proof), expected));
    }
});

describe("the proofs of a build", () => {
    /** Decides on adoption, and notes the proofs that were read. */
    async function adopted(plan: ImagePlan, there: string[], proofs: Record<string, string>) {
        const read: string[] = [];
        const calls = {
            readProof: (bucket: string, key: string) => {
                read.push(`${bucket}/${key}`);
                const digest = proofs[key.slice("built/shop/".length)];
                return Promise.resolve(digest === undefined ? { reason: "NoSuchKey: It is not there." } : { digest });
            },
        } as unknown as AwsCalls;
        const asked = ["src-1", "src-1-amd64", "src-1-arm64", "deps-1", "deps-last-main-1"];
        const answer = {
            images: images(there.map((tag) => [`of ${tag}`, tag])),
            failures: failures(...asked.filter((tag) => !there.includes(tag))),
        };
        const digests = await new Proofs(calls, { BUILD_TOOLS_BUCKET: "bucket" }).adopted(plan, answer);
        return { digests, read };
    }

    const stage = {
        name: "deps",
        tag: "deps-1",
        target: "deps",
        dockerfile: "",
        ignore: "",
        buildArgs: {},
        recipe: "1",
        carried: [],
    };
    const pinned = { stage, caches: [], arguments: [], pushing: [], caching: [] };
    const filling = { from: [], dockerfile: "", arguments: [] };
    const withStage = (filled: object = {}): ImagePlan => ({
        ...image,
        builds: [{ ...build("amd64"), tag: "src-1", pinned: [{ ...pinned, ...filled }] }],
    });
    const proof = (...tags: string[]) => Object.fromEntries(tags.map((tag) => [tag, `of ${tag}`]));
    const location = (...tags: string[]) => tags.map((tag) => `bucket/built/shop/${tag}`);

    const cases: [
        what: string,
        plan: ImagePlan,
        there: string[],
        proven: string[],
        read: string[],
        adopted: string[],
    ][] = [
        ["reads none of what is not there", image, [], ["src-1"], [], []],
        [
            "reads one for an image that it adopts, not those of its platforms",
            image,
            ["src-1", "src-1-amd64", "src-1-arm64"],
            ["src-1"],
            ["src-1"],
            ["src-1"],
        ],
        [
            "reads those of the platforms where the image is not there",
            image,
            ["src-1-amd64", "src-1-arm64"],
            ["src-1-arm64"],
            ["src-1-amd64", "src-1-arm64"],
            ["src-1-arm64"],
        ],
        [
            "reads none of the stages of an image that it adopts",
            withStage(),
            ["src-1", "deps-1"],
            ["src-1"],
            ["src-1"],
            ["src-1"],
        ],
        [
            "reads those of the stages where the image has no proof",
            withStage(),
            ["src-1", "deps-1"],
            ["deps-1"],
            ["src-1", "deps-1"],
            ["deps-1"],
        ],
        [
            "reads that of what a stage is filled from",
            withStage({ filling: { ...filling, from: ["registry/shop:deps-last-main-1"] } }),
            ["deps-last-main-1"],
            ["deps-last-main-1"],
            ["deps-last-main-1"],
            ["deps-last-main-1"],
        ],
        [
            "reads that of a stage which the next one is filled from, also of an image that it adopts",
            withStage({ filling: { ...filling, to: "registry/shop:deps-last-main-1" } }),
            ["src-1", "deps-1"],
            ["src-1", "deps-1"],
            ["src-1", "deps-1"],
            ["src-1", "deps-1"],
        ],
    ];
    it("are not asked for where ECR could not say what it has", async () => {
        const failed = { imageId: { imageTag: "src-1" }, failureCode: "KmsError", failureReason: "key is disabled" };
        const proofs = new Proofs({} as AwsCalls, { BUILD_TOOLS_BUCKET: "bucket" });
        await assert.rejects(proofs.adopted(image, { images: [], failures: [failed] }), {
            message: "ECR could not look up src-1: KmsError, key is disabled.",
        });
    });

    for (const [what, plan, there, proven, read, expected] of cases) {
        it(what, async () => {
            assert.deepEqual(await adopted(plan, there, proof(...proven)), {
                digests: proof(...expected),
                read: location(...read),
            });
        });
    }
});
