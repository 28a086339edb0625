import assert from "node:assert/strict";
import * as path from "node:path";
import { ImagePipeline } from "../../../infra/pipeline/imagePipeline";
import type { PipelineImage } from "../../../infra/pipeline/imagePipelineArgs";
import { resolveArgs } from "../../../infra/pipeline/resolveArgs";
import { resolveImages } from "../../../infra/pipeline/resolveImages";
import { mockPulumi } from "../../../local/mocks/mockPulumi";
import { temporaryFolder, writeTree } from "../temporaryFolder";

describe("resolveImages", () => {
    const place = { application: "Shop", environment: "dev", sourceRoot: "/src" };
    const defaults = { platforms: ["linux/amd64"], compression: "zstd" };
    const cases: [what: string, image: PipelineImage, expected: Record<string, unknown>][] = [
        ["a name", { name: "a" }, { context: "a", dockerfile: "a/Dockerfile" }],
        ["a context", { name: "a", context: "./b/" }, { context: "b", dockerfile: "b/Dockerfile" }],
        ["the source itself", { name: "a", context: "." }, { context: ".", dockerfile: "Dockerfile" }],
        ["absolute paths", { name: "a", context: "/src/b", dockerfile: "/src/c" }, { context: "b", dockerfile: "c" }],
        [
            "values that are undefined",
            { name: "a", context: undefined, platforms: undefined, compression: undefined },
            { context: "a", dockerfile: "a/Dockerfile" },
        ],
        [
            "what has a value already",
            { name: "a", context: "b", dockerfile: "c", platforms: ["linux/arm64"], compression: "gzip" },
            { context: "b", dockerfile: "c", platforms: ["linux/arm64"], compression: "gzip" },
        ],
    ];
    for (const [what, image, expected] of cases) {
        it(`resolves ${what}, and leaves the result as it is when it is resolved again`, () => {
            const [resolved] = resolveImages([image], place);
            assert.deepEqual(resolved, { name: "a", repositoryName: "shop-dev", ...defaults, ...expected });
            assert.deepEqual(resolveImages([resolved], place), [resolved]);
        });
    }

    it("puts the repositories of further images below the first one's, unless they have a name of their own", () => {
        const names = (repositoryName?: string) =>
            resolveImages([{ name: "a" }, { name: "b" }, { name: "c", repositoryName: "other" }], {
                ...place,
                repositoryName,
            }).map((image) => image.repositoryName);
        assert.deepEqual(names(), ["shop-dev", "shop-dev/b", "other"]);
        assert.deepEqual(names("team/shop"), ["team/shop", "team/shop/b", "other"]);
    });
});

describe("resolveArgs", () => {
    const folder = temporaryFolder();
    beforeEach(async () => {
        writeTree(folder.path, { "a/Dockerfile": "FROM scratch\n", "b/file": "" });
        await mockPulumi();
    });

    it("takes the working directory where the SDK knows no folder of Pulumi.yaml", () => {
        const { sourceRoot } = resolveArgs("line", { images: [{ name: "a", digest: "sha256:1" }] });
        assert.equal(sourceRoot, process.cwd());
    });

    const wrong: [what: string, images: PipelineImage[], problems: string[]][] = [
        ["no image", [], ["images is []; allowed: at least one image"]],
        ["a context that is missing", [{ name: "c" }], [`images[0].context is "c"; allowed: a folder that exists`]],
        [
            "a Dockerfile that is missing, and a name twice",
            [{ name: "a" }, { name: "a", context: "b" }],
            [
                `images[1].dockerfile is "b/Dockerfile"; allowed: a Dockerfile that exists`,
                `images[1].name is "a"; allowed: one that no other image has`,
            ],
        ],
        [
            "a repository twice",
            [
                { name: "a", repositoryName: "x" },
                { name: "b", repositoryName: "x", digest: "sha256:1" },
            ],
            [`images[1].repositoryName is "x"; allowed: one that no other image has`],
        ],
    ];
    for (const [what, images, problems] of wrong) {
        it(`refuses ${what} before anything is declared`, () => {
            assert.throws(() => new ImagePipeline("line", { images, sourceRoot: folder.path }), {
                name: "Error",
                message: problems.map((line) => `ImagePipeline line: ${line}`).join("\n"),
            });
        });
    }

    it("reads no files of images that are received", () => {
        const { images } = resolveArgs("line", {
            images: [{ name: "missing", digest: "sha256:1" }],
            sourceRoot: path.join(folder.path, "nowhere"),
        });
        assert.equal(images[0]!.context, "missing");
    });
});
