import assert from "node:assert/strict";
import { parallelBuilds, readSecrets, readVariables } from "../../../infra/buildTools/readVariables";
import { buildVariables } from "../../../infra/codebuild/buildVariables";

const settings = { branch: "main", defaultBranch: "trunk", cacheMode: "min", rebuildKey: "2026" } as const;
const variables = buildVariables({ ...settings, buildSecrets: { npm: "shop/npm" }, parallelBuilds: 3 });

describe("readVariables", () => {
    it("reads what the project is given", () => {
        assert.deepEqual(readVariables(variables, "/work"), {
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
        ["no BRANCH", { BRANCH: "" }, `The variable BRANCH is missing; ${back}`],
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

describe("parallelBuilds", () => {
    it("is what the project says", () => assert.equal(parallelBuilds(variables), 3));

    for (const text of ["", "0", "-1", "1.5", "many"]) {
        it(`refuses "${text}"`, () =>
            assert.throws(() => parallelBuilds({ PARALLEL_BUILDS: text }), {
                message: `The variable PARALLEL_BUILDS is "${text}"; allowed: whole numbers from 1.`,
            }));
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
