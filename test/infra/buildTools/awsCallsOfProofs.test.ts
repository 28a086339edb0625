import assert from "node:assert/strict";
import { readState, writeState } from "../../../infra/buildTools/buildState";
import { Refusal } from "../../deploy/scriptedAws";
import { BundledTools, commit, digest, found, login, notThere, repository } from "./bundledTools";
import { builtImage } from "./imageStates";

describe("the calls of the build tools for proofs", () => {
    const tools = new BundledTools();
    const at = () => `s3://shop-cache/${tools.proof}`;
    const notAdopted: [what: string, object: string | Refusal, why: () => string][] = [
        [
            "without a proof",
            new Refusal("NoSuchKey", "The specified key does not exist.", 404),
            () => `nothing at ${at()} proves that this project built it (NoSuchKey: The specified key does not exist.)`,
        ],
        [
            "without a proof, where S3 says no more than that access is denied",
            new Refusal("AccessDenied", "Access Denied", 403),
            () => `nothing at ${at()} proves that this project built it (AccessDenied: Access Denied)`,
        ],
        ["whose proof names another one", "d2", () => `by ${at()}, this project built d2, and the tag has moved since`],
    ];
    for (const [what, object, why] of notAdopted) {
        it(`build an image ${what}, and say why`, async () => {
            const GetObject = tools.bucket({ [tools.proof]: object });
            const scripts = { BatchGetImage: repository(tools.tag), GetObject, GetAuthorizationToken: login };
            const { status, stdout, stderr } = await tools.run(["prepare", tools.workFolder()], scripts);
            assert.deepEqual([status, stderr], [0, ""]);
            assert.deepEqual(stdout.split("\n").slice(2, 4), [
                `  ${tools.tag} is there, and is not adopted: ${why()}.`,
                "  api has to be built",
            ]);
        });
    }

    it("prove what was built by the digest that the builder told, and give that the commit's tag, wherever its tag is by then", async () => {
        const work = tools.workFolder();
        await tools.run(["prepare", work], { BatchGetImage: repository(), GetAuthorizationToken: login });
        const state = readState(work);
        state.images[0]!.built = { amd64: builtImage(digest) };
        writeState(work, state);
        const { status, stderr } = await tools.run(["finish", work, "artifacts"], {
            BatchGetImage: () => ({
                images: [{ ...found(tools.tag), imageId: { imageDigest: digest } }],
                failures: [notThere(`git-${commit}`)],
            }),
            PutImage: () => ({}),
            PutObject: () => ({}),
        });
        assert.deepEqual([status, stderr], [0, ""]);
        assert.deepEqual(tools.aws.inputsOf("BatchGetImage")[0]!.imageIds, [
            { imageDigest: digest },
            { imageTag: `git-${commit}` },
        ]);
        assert.equal(tools.aws.inputsOf("PutImage")[0]!.imageDigest, digest);
        const proofs = tools.aws.calls.filter(({ operation }) => operation === "PutObject");
        const written = proofs.map(({ path, input }) => [path, input.text]);
        assert.deepEqual(written, [[`/shop-cache/${tools.proof}?x-id=PutObject`, digest]]);
    });
});
