import * as assert from "node:assert/strict";
import {
    isImmutable,
    matchesFilter,
    type TagMutability,
} from "../../../../../local/aws/gateway/registry/tagMutability";

describe("gateway: tag mutability", () => {
    const matches: [filter: string, tag: string, expected: boolean][] = [
        ["latest", "latest", true],
        ["latest", "latest-1", false],
        ["cache-*", "cache-main", true],
        ["cache-*", "cache-", true],
        ["cache-*", "cache", false],
        ["cache-*", "my-cache-main", false],
        ["*-latest", "app-latest", true],
        ["*-latest", "app-latest-1", false],
        ["*", "anything.1_2-3", true],
        ["a*b*c", "a1b2c", true],
        ["a*b*c", "abc", true],
        ["a*b*c", "acb", false],
        ["v1.0", "v1x0", false],
        ["v[0-9]", "v1", false],
        ["v?", "v1", false],
        ["Cache-*", "cache-main", false],
    ];
    for (const [filter, tag, expected] of matches) {
        it(`${filter} ${expected ? "matches" : "does not match"} ${tag}`, () => {
            assert.equal(matchesFilter(filter, tag), expected);
        });
    }

    const settings: [mode: TagMutability["imageTagMutability"], tag: string, expected: boolean][] = [
        ["MUTABLE", "v1", false],
        ["IMMUTABLE", "v1", true],
        ["IMMUTABLE_WITH_EXCLUSION", "v1", true],
        ["IMMUTABLE_WITH_EXCLUSION", "cache-main", false],
        ["IMMUTABLE_WITH_EXCLUSION", "deployed-dev", false],
        ["MUTABLE_WITH_EXCLUSION", "v1", false],
        ["MUTABLE_WITH_EXCLUSION", "cache-main", true],
    ];
    for (const [imageTagMutability, tag, expected] of settings) {
        it(`${imageTagMutability} ${expected ? "keeps" : "moves"} ${tag}`, () => {
            const imageTagMutabilityExclusionFilters = ["cache-*", "deployed-*"].map((filter) => ({
                filterType: "WILDCARD" as const,
                filter,
            }));
            assert.equal(isImmutable({ imageTagMutability, imageTagMutabilityExclusionFilters }, tag), expected);
        });
    }
});
