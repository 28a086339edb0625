import assert from "node:assert/strict";
import fc from "fast-check";
import {
    branchCacheTag,
    branchSlug,
    CacheMode,
    cacheTags,
    type GitReference,
    imageCacheTags,
    lastStageTags,
    pinnedStageCaches,
} from "../../../infra/plan/cachePolicy";
import { Platform } from "../../../infra/plan/platform";

describe("lastStageTags", () => {
    const main = "deps-last-main-0123456789ab";
    const table: [string, GitReference, { from: string[]; to?: string }][] = [
        ["the default branch", { kind: "branch", name: "main" }, { from: [main], to: main }],
        [
            "another branch",
            { kind: "branch", name: "Feature" },
            {
                from: [`deps-last-${branchSlug("Feature")}-0123456789ab`, main],
                to: `deps-last-${branchSlug("Feature")}-0123456789ab`,
            },
        ],
        ["a tag", { kind: "tag" }, { from: [main] }],
        ["a pull request", { kind: "pullRequest" }, { from: [main] }],
    ];
    for (const [what, reference, expected] of table) {
        it(`gives ${what} what it may take over, and write`, () => {
            assert.deepEqual(lastStageTags("0123456789ab", reference, "main", "max"), expected);
            assert.deepEqual(lastStageTags("0123456789ab", reference, "main", "off"), { from: [] });
        });
    }
});

describe("cacheTags", () => {
    const main = "cache-main-amd64";
    const feature = "cache-feature-amd64";
    const table: [string, GitReference, { from: string[]; to?: string }][] = [
        ["the default branch", { kind: "branch", name: "main" }, { from: [main], to: main }],
        ["another branch", { kind: "branch", name: "feature" }, { from: [feature, main], to: feature }],
        ["a tag", { kind: "tag" }, { from: [main] }],
        ["a pull request", { kind: "pullRequest" }, { from: [main] }],
    ];
    for (const [what, reference, expected] of table) {
        for (const mode of ["max", "min"] as const) {
            it(`gives ${what} its caches with mode ${mode}`, () => {
                assert.deepEqual(cacheTags(reference, "main", "linux/amd64", mode), expected);
            });
        }
        it(`gives ${what} no cache with mode off`, () => {
            assert.deepEqual(cacheTags(reference, "main", "linux/amd64", "off"), { from: [] });
        });
    }

    it("gives each platform caches of its own", () => {
        assert.deepEqual(cacheTags({ kind: "branch", name: "feature" }, "main", "linux/arm64", "max"), {
            from: ["cache-feature-arm64", "cache-main-arm64"],
            to: "cache-feature-arm64",
        });
    });

    it("lets only branches write, each its own cache, and all read the default branch's", () => {
        const reference: fc.Arbitrary<GitReference> = fc.oneof(
            fc.record({ kind: fc.constant("branch" as const), name: branchName }),
            fc.constantFrom({ kind: "tag" as const }, { kind: "pullRequest" as const }),
        );
        fc.assert(
            fc.property(
                reference,
                branchName,
                fc.constantFrom(...Object.values(Platform)),
                fc.constantFrom(...Object.values(CacheMode)),
                (from, defaultBranch, platform, mode) => {
                    const tags = cacheTags(from, defaultBranch, platform, mode);
                    const own = from.kind === "branch" ? branchCacheTag(from.name, platform) : undefined;
                    assert.equal(tags.to, mode === "off" ? undefined : own);
                    assert.equal(
                        tags.from.at(-1),
                        mode === "off" ? undefined : branchCacheTag(defaultBranch, platform),
                    );
                    assert.equal(new Set(tags.from).size, tags.from.length);
                },
            ),
        );
    });
});

describe("the caches of pinned stages", () => {
    const stage = { name: "deps", tag: "deps-1", target: "deps" };
    const main = branchCacheTag("main:deps", "linux/amd64");
    const feature = branchCacheTag("feature:deps", "linux/amd64");
    const image = { main: "cache-main-amd64", feature: "cache-feature-amd64" };
    const table: [string, GitReference, { from: string[]; to: string[] }][] = [
        [
            "the default branch",
            { kind: "branch", name: "main" },
            { from: ["cache-deps-1", main, image.main], to: ["cache-deps-1", main] },
        ],
        [
            "another branch",
            { kind: "branch", name: "feature" },
            { from: ["cache-deps-1", feature, main, image.feature, image.main], to: ["cache-deps-1", feature] },
        ],
        ["a tag", { kind: "tag" }, { from: ["cache-deps-1", main, image.main], to: ["cache-deps-1"] }],
    ];
    for (const [what, reference, expected] of table) {
        it(`of ${what} are the stage's own, by content and by branch, before the image's`, () => {
            const caches = imageCacheTags(reference, "main", "linux/amd64", "max", [{ name: "deps" }]);
            assert.deepEqual(pinnedStageCaches(stage, caches, "max"), { ...expected, mode: "max" });
        });
    }

    it("are none with mode off", () => {
        const caches = imageCacheTags({ kind: "tag" }, "main", "linux/amd64", "off", [{ name: "deps" }]);
        assert.deepEqual(pinnedStageCaches(stage, caches, "off"), { from: [], to: [], mode: "off" });
    });

    for (const mode of ["max", "min"] as const) {
        it(`of a stage that is split into layers are that of its content, which keeps the result only, with mode ${mode}`, () => {
            const caches = imageCacheTags({ kind: "branch", name: "main" }, "main", "linux/amd64", mode, [
                { name: "deps" },
            ]);
            const expected = { from: ["cache-deps-1"], to: ["cache-deps-1"], mode: "min" };
            assert.deepEqual(pinnedStageCaches({ ...stage, target: "deps.layers" }, caches, mode), expected);
        });
    }

    it("leave the image's as they are, and are never those of a branch", () => {
        const reference = { kind: "branch", name: "main" } as const;
        const plain = cacheTags(reference, "main", "linux/amd64", "max");
        assert.deepEqual(imageCacheTags(reference, "main", "linux/amd64", "max"), plain);
        const { stages, ...own } = imageCacheTags(reference, "main", "linux/amd64", "max", [{ name: "deps" }]);
        assert.deepEqual(own, plain);
        assert.notEqual(stages?.deps?.to, branchCacheTag("main-deps", "linux/amd64"));
        assert.match(stages?.deps?.to ?? "", /^cache-main-deps-[0-9a-f]{12}-amd64$/);
    });
});

/** Names of branches, similar to each other on purpose, and any text at all. */
const branchName = fc.oneof(
    fc.string({ unit: fc.constantFrom("a", "A", "b", "-", "/", "_", ".", "é", "1"), minLength: 1, maxLength: 6 }),
    fc.string({ minLength: 1, maxLength: 300, unit: "binary" }),
);

describe("branchSlug", () => {
    const table: [string, string][] = [
        ["main", "main"],
        ["release-1.2", "release-1.2"],
        ["snake_case", "snake_case"],
        ["feature/login", "feature-login-df7c7aeb3560"],
        ["Feature-Login", "feature-login-6626944e8f4a"],
        ["-dash", "dash-b693fbbf1c05"],
        ["日本", "branch-cf2abf0c5be3"],
    ];
    for (const [branch, slug] of table) {
        it(`makes ${slug} of ${branch}`, () => assert.equal(branchSlug(branch), slug));
    }

    it("keeps a name of 40 characters and shortens one of 41", () => {
        assert.equal(branchSlug("b".repeat(40)), "b".repeat(40));
        assert.match(branchSlug("b".repeat(41)), /^b{40}-[0-9a-f]{12}$/);
    });

    it("gives a name that looks like a shortened one a hash of its own", () => {
        const shortened = branchSlug("feature/login");
        assert.match(branchSlug(shortened), new RegExp(`^${shortened}-[0-9a-f]{12}$`));
    });

    it("always gives a part of a tag that ECR accepts, and the same one each time", () => {
        fc.assert(
            fc.property(branchName, fc.constantFrom(...Object.values(Platform)), (branch, platform) => {
                // https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutImage.html (imageTag), OCI's rule for tags
                assert.match(branchCacheTag(branch, platform), /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/);
                assert.ok(branchSlug(branch).length <= 53);
                assert.equal(branchSlug(branch), branchSlug(branch));
            }),
        );
    });

    it("gives different branches different slugs, also a branch that is named like another's slug", () => {
        fc.assert(
            fc.property(branchName, branchName, (one, other) => {
                fc.pre(one !== other);
                assert.notEqual(branchSlug(one), branchSlug(other));
                if (branchSlug(one) !== one) assert.notEqual(branchSlug(branchSlug(one)), branchSlug(one));
            }),
            { numRuns: 1000 },
        );
    });
});
