import assert from "node:assert/strict";
import { readSecrets, readVariables, required } from "../../../infra/buildTools/readVariables";

const policy = { branch: "release" };

describe("readVariables", () => {
    it("builds the policy's branch in the working directory where CodeBuild tells nothing", () => {
        assert.deepEqual(readVariables({}, "/work", policy), {
            source: "/work",
            reference: { kind: "branch", name: "release" },
            commit: undefined,
        });
    });

    it("reads what CodeBuild tells of the source", () => {
        const commit = "a".repeat(40);
        const input = readVariables(
            {
                CODEBUILD_SRC_DIR: "/codebuild/src",
                CODEBUILD_WEBHOOK_TRIGGER: "pr/1",
                CODEBUILD_RESOLVED_SOURCE_VERSION: commit,
            },
            "/work",
            policy,
        );
        assert.deepEqual(
            [input.source, input.reference, input.commit],
            ["/codebuild/src", { kind: "pullRequest" }, commit],
        );
    });

    it("reads which platform a task of a batch builds", () => {
        assert.equal(readVariables({ PLATFORM: "linux/arm64" }, "/work", policy).platform, "linux/arm64");
        assert.throws(() => readVariables({ PLATFORM: "arm64" }, "/work", policy), {
            message: 'The variable PLATFORM is "arm64"; allowed: linux/amd64, linux/arm64.',
        });
    });
});

describe("required", () => {
    it("says who sets a variable that is missing", () => {
        assert.equal(required({ BUILD_TOOLS_BUCKET: "shop" }, "BUILD_TOOLS_BUCKET"), "shop");
        assert.throws(() => required({}, "BUILD_TOOLS_BUCKET"), {
            message:
                "The variable BUILD_TOOLS_BUCKET is missing; the CodeBuild project sets it, run `pulumi up` to get it back.",
        });
    });
});

describe("readSecrets", () => {
    const input = readVariables({}, "/work", policy);
    const variables = { BUILD_SECRETS: '{"npm":"shop/npm"}' };

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
