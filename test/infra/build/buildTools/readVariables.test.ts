import assert from "node:assert/strict";
import { readSecrets, readVariables } from "../../../../infra/build/buildTools/readVariables";
import { buildVariables, imagesVariable, type SourceImage } from "../../../../infra/build/buildVariables";

const image: SourceImage = {
    name: "api",
    context: "api",
    dockerfile: "api/Dockerfile",
    buildArgs: { BASE_REGISTRY: "public.ecr.aws/docker/library" },
    platforms: ["linux/amd64"],
    compression: "zstd",
};
const settings = { branch: "main", defaultBranch: "trunk", cacheMode: "min", rebuildKey: "2026" } as const;
const variables = {
    ...buildVariables({ ...settings, buildSecrets: { npm: "shop/npm" } }),
    IMAGES: imagesVariable([image], ["registry/api"]),
};

describe("readVariables", () => {
    it("reads what the project is given", () => {
        assert.deepEqual(readVariables(variables, "/work"), {
            images: [{ ...image, repositoryUrl: "registry/api" }],
            source: "/work",
            reference: { kind: "branch", name: "main" },
            commit: undefined,
            defaultBranch: "trunk",
            cacheMode: "min",
            rebuildKey: "2026",
        });
    });

    it("reads what CodeBuild tells of the source", () => {
        const commit = "a".repeat(40);
        const input = readVariables(
            {
                ...variables,
                CODEBUILD_SRC_DIR: "/codebuild/src",
                CODEBUILD_WEBHOOK_TRIGGER: "pr/1",
                CODEBUILD_RESOLVED_SOURCE_VERSION: commit,
            },
            "/work",
        );
        assert.deepEqual(
            [input.source, input.reference, input.commit],
            ["/codebuild/src", { kind: "pullRequest" }, commit],
        );
    });

    const back = "the CodeBuild project sets it, run `pulumi up` to get it back.";
    const wrong: [what: string, changed: Record<string, string | undefined>, message: string][] = [
        ["no IMAGES", { IMAGES: undefined }, `The variable IMAGES is missing; ${back}`],
        ["no BRANCH", { BRANCH: "" }, `The variable BRANCH is missing; ${back}`],
        ["damaged IMAGES", { IMAGES: "[{" }, 'The variable IMAGES is "[{"; it has to be a JSON array of images.'],
        ["no image", { IMAGES: "[]" }, 'The variable IMAGES is "[]"; it has to be a JSON array of images.'],
        [
            "another platform",
            { PLATFORM: "arm64" },
            'The variable PLATFORM is "arm64"; allowed: linux/amd64, linux/arm64.',
        ],
        ["another cache mode", { CACHE_MODE: "all" }, 'The variable CACHE_MODE is "all"; allowed: max, min, off.'],
    ];
    for (const [what, changed, message] of wrong) {
        it(`refuses ${what}`, () =>
            assert.throws(() => readVariables({ ...variables, ...changed }, "/work"), { message }));
    }
});

describe("readSecrets", () => {
    const input = readVariables(variables, "/work");

    it("names the secrets by their ids", () => {
        assert.deepEqual(readSecrets(variables, input), { npm: "shop/npm" });
        assert.deepEqual(readSecrets({}, input), {});
    });

    it("gives none to a pull request", () => {
        assert.deepEqual(readSecrets(variables, { ...input, reference: { kind: "pullRequest" } }), {});
    });

    it("refuses what is no JSON", () => {
        assert.throws(() => readSecrets({ BUILD_SECRETS: "npm" }, input), {
            message: 'The variable BUILD_SECRETS is "npm"; it has to be a JSON object.',
        });
    });
});
