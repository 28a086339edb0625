import assert from "node:assert/strict";
import { sourceOf } from "../../../../infra/plan/buildInput";
import type { BuildPolicy, ImageSpec } from "../../../../infra/plan/imageSpec";
import { pinnedSourceOf } from "../../../../infra/plan/pinned/pinnedSource";
import { hostPlatform } from "../../../../infra/plan/platform";

describe("the source of pinned stages", () => {
    const policy: BuildPolicy = { baseRegistry: "bases", branch: "main", defaultBranch: "main", cacheMode: "max" };
    const spec: ImageSpec = {
        ...{ name: "api", context: "api", dockerfile: "api/Dockerfile" },
        ...{ platforms: ["linux/arm64"], compression: "gzip" },
    };
    const input = { spec, policy, sourceRoot: "/source" };

    it("is that of the image, with the stages, the platform and the host's", () => {
        const platforms = { platform: "linux/arm64", buildPlatform: hostPlatform() };
        const expected = { ...sourceOf(input), ...platforms, pinnedStages: [] };
        assert.deepEqual(pinnedSourceOf(input, "linux/arm64"), expected);
        const pinned = { ...input, spec: { ...spec, pinnedStages: [{ name: "deps" }] } };
        assert.deepEqual(pinnedSourceOf(pinned, "linux/arm64").pinnedStages, [{ name: "deps" }]);
    });
});
