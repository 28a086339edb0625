import assert from "node:assert/strict";
import { cachesOf, sourceOf } from "../../../infra/plan/buildInput";
import type { BuildPolicy, ImageSpec } from "../../../infra/plan/imageSpec";

const policy: BuildPolicy = { baseRegistry: "bases", branch: "feature", defaultBranch: "main", cacheMode: "max" };
const spec: ImageSpec = {
    name: "api",
    context: "services/api",
    dockerfile: "docker/Dockerfile",
    target: "server",
    testTarget: "results",
    buildArgs: { A: "1" },
    platforms: ["linux/arm64"],
    compression: "gzip",
};
const input = { spec, policy, sourceRoot: "/source" };
const source = {
    ...spec,
    context: "/source/services/api",
    dockerfile: "/source/docker/Dockerfile",
    buildArgs: { A: "1", BASE_REGISTRY: "bases" },
    rebuildKey: "",
};

describe("an image and the policy it is built by", () => {
    it("say what the content tag is made of, with absolute paths and the base registry", () => {
        assert.deepEqual(sourceOf(input), source);
        assert.equal(sourceOf({ ...input, policy: { ...policy, rebuildKey: "2026" } }).rebuildKey, "2026");
    });

    it("say which caches a build of a branch reads and writes", () => {
        assert.deepEqual(cachesOf(input, { kind: "branch", name: "feature" }, "linux/arm64"), {
            from: ["cache-feature-arm64", "cache-main-arm64"],
            to: "cache-feature-arm64",
        });
    });
});
