import assert from "node:assert/strict";
import { CacheMode, CacheType, ComputeType, EnvironmentType, EnvironmentVariableType } from "@aws-sdk/client-codebuild";
import { codebuild } from "../../infra/config/codebuildProject";

const { environmentType, computeType, cache, environmentVariables } = codebuild.shape;
const { type: cacheType, modes } = cache.unwrap().shape;

describe("values of CodeBuild that settings name are those of its API", () => {
    const kinds: [what: string, named: readonly string[], all: Record<string, string>][] = [
        ["kinds of hosts", environmentType.unwrap().options, EnvironmentType],
        ["sizes of hosts", computeType.unwrap().options, ComputeType],
        ["kinds of caches", cacheType.options, CacheType],
        ["modes of a cache on the host", modes.unwrap().element.options, CacheMode],
        [
            "sources of variables",
            environmentVariables.unwrap().element.shape.type.unwrap().options,
            EnvironmentVariableType,
        ],
    ];
    for (const [what, named, all] of kinds) {
        it(what, () =>
            assert.deepEqual(
                named.filter((one) => !Object.values(all).includes(one)),
                [],
            ),
        );
    }
});
