import assert from "node:assert/strict";
import fc from "fast-check";
import { movableTags } from "../../../infra/image/imageRepository";
import { firstImageTag } from "../../../infra/release/firstImage";
import { lifecyclePolicy } from "../../../infra/image/lifecyclePolicy";

interface Rule {
    rulePriority: number;
    description: string;
    selection: {
        tagStatus: "tagged" | "untagged";
        tagPatternList?: string[];
        countType: "imageCountMoreThan" | "sinceImagePushed";
        countUnit?: "days";
        countNumber: number;
    };
    action: { type: string };
}

interface StoredImage {
    tags: string[];
    /** Age in days since the push. */
    age: number;
    /** Images that an index refers to. @default - none */
    refersTo?: StoredImage[];
}

const retention = { builds: 3, cacheDays: 30, untaggedDays: 7 };
const rules = (JSON.parse(lifecyclePolicy(retention)) as { rules: Rule[] }).rules;

/**
 * Finds the images that ECR would delete, by its published rules. Every rule is evaluated on all images; then the rules are applied by
 * priority. An image that meets the tag requirements of a rule is out of reach of all rules of lower priority. Images in an index expire
 * after the index only.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html#lp_evaluation_rules
 */
function expired(images: StoredImage[]): StoredImage[] {
    const ordered = [...rules].sort((a, b) => a.rulePriority - b.rulePriority);
    const referred = images.flatMap(({ refersTo = [] }) => refersTo);
    return images.filter((image) => {
        if (referred.includes(image)) return false;
        const rule = ordered.find((one) => selects(one, image));
        return rule !== undefined && marked(rule, images).includes(image);
    });
}

function selects({ selection }: Rule, image: StoredImage): boolean {
    if (selection.tagStatus === "untagged") return image.tags.length === 0;
    return (selection.tagPatternList ?? []).every((pattern) => image.tags.some((tag) => matches(pattern, tag)));
}

function marked(rule: Rule, images: StoredImage[]): StoredImage[] {
    const selected = images.filter((image) => selects(rule, image)).sort((a, b) => a.age - b.age);
    const { countType, countNumber } = rule.selection;
    return countType === "imageCountMoreThan"
        ? selected.slice(countNumber)
        : selected.filter((image) => image.age > countNumber);
}

function matches(pattern: string, tag: string): boolean {
    const escaped = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
    return new RegExp(`^${escaped.join(".*")}$`).test(tag);
}

describe("lifecyclePolicy", () => {
    it("has exactly these rules", () => {
        const tagged = (pattern: string) => ({ tagStatus: "tagged" as const, tagPatternList: [pattern] });
        const days = (count: number) => ({
            countType: "sinceImagePushed" as const,
            countUnit: "days" as const,
            countNumber: count,
        });
        const newest = (count: number) => ({ countType: "imageCountMoreThan" as const, countNumber: count });
        const action = { type: "expire" };
        assert.deepEqual(rules, [
            {
                rulePriority: 1,
                description: "keep all deployed images, also each environment's previous one",
                selection: { ...tagged("deployed-*"), ...newest(100_000) },
                action,
            },
            {
                rulePriority: 2,
                description: "expire build caches after 30 days",
                selection: { ...tagged("cache-*"), ...days(30) },
                action,
            },
            {
                rulePriority: 3,
                description: "keep the newest 3 pinned stages",
                selection: { ...tagged("deps-*"), ...newest(3) },
                action,
            },
            {
                rulePriority: 4,
                description: "expire untagged manifests after 7 days",
                selection: { tagStatus: "untagged", ...days(7) },
                action,
            },
            {
                rulePriority: 5,
                description: "keep the newest 3 builds by content",
                selection: { ...tagged("src-*"), ...newest(3) },
                action,
            },
            {
                rulePriority: 6,
                description: "keep the newest 3 builds by commit whose content tag moved on",
                selection: { ...tagged("git-*"), ...newest(3) },
                action,
            },
        ]);
    });

    it("is the same text each time", () => {
        assert.equal(lifecyclePolicy(retention), lifecyclePolicy({ ...retention }));
    });

    it("is a policy that ECR accepts, for any retention that the configuration allows", () => {
        const days = fc.integer({ min: 1, max: 3650 });
        const any = fc.record({ builds: fc.integer({ min: 1, max: 30_000 }), cacheDays: days, untaggedDays: days });
        fc.assert(
            fc.property(any, (values) => {
                const text = lifecyclePolicy(values);
                const policy = JSON.parse(text) as { rules: Rule[] };
                assert.ok(text.length >= 100 && text.length <= 30720);
                assert.deepEqual(
                    policy.rules.map((rule) => rule.rulePriority),
                    policy.rules.map((_, index) => index + 1),
                );
                assert.equal(policy.rules.filter((rule) => rule.selection.tagStatus === "untagged").length, 1);
                for (const { selection } of policy.rules) {
                    const patterns = selection.tagPatternList;
                    assert.equal(patterns?.length, selection.tagStatus === "tagged" ? 1 : undefined);
                    assert.ok((patterns?.[0]?.split("*").length ?? 1) - 1 <= 4);
                    assert.equal(selection.countUnit, selection.countType === "sinceImagePushed" ? "days" : undefined);
                    assert.ok(Number.isInteger(selection.countNumber) && selection.countNumber >= 1);
                }
            }),
        );
    });

    it("has a rule for every kind of tag that may move, but for copies of tools, which stay", () => {
        const patterns = rules.flatMap((rule) => rule.selection.tagPatternList ?? []);
        assert.deepEqual(
            movableTags.filter((pattern) => !patterns.includes(pattern)),
            ["tool-*"],
        );
    });

    it("has no rule that selects images whatever their tag", () => {
        assert.ok(rules.every(({ selection }) => ["tagged", "untagged"].includes(selection.tagStatus)));
    });

    const build = (age: number, ...tags: string[]): StoredImage => ({ tags: [`src-${age}`, ...tags], age });
    const platforms: StoredImage[] = [
        { tags: [], age: 800 },
        { tags: [], age: 800 },
    ];
    const copy: StoredImage[] = [{ tags: ["tool-buildkit-0.34.0"], age: 800, refersTo: platforms }, ...platforms];
    const others: StoredImage[] = [
        { tags: [], age: 900 },
        ...Array.from({ length: 3 }, () => ({ tags: ["src-a", "git-a", "deps-a"], age: 0 })),
    ];
    const fifth = build(5);
    const builds = [build(1), build(2), build(3), build(4), fifth];
    const first = (image: StoredImage): StoredImage => ({ tags: [firstImageTag("dev")], age: 6, refersTo: [image] });
    const table: [what: string, images: StoredImage[], deletedAges: number[]][] = [
        ["keeps the newest builds", [build(1), build(2), build(3), build(4), build(5)], [4, 5]],
        ["keeps few builds however old", [build(900), build(901)], []],
        ["keeps a deployed build that is far too old", [build(1), build(2), build(3), build(4, "deployed-prod")], []],
        ["keeps what was deployed before", [build(1), build(2), build(3), build(4, "deployed-prod-previous")], []],
        [
            "keeps a deployed build that carries every other tag, too",
            [build(1), build(2), build(3), build(999, "git-a", "deployed-dev", "cache-x", "deps-y")],
            [],
        ],
        ["deletes what a target started with, and still runs, without a tag for it", builds, [4, 5]],
        ["keeps what a target started with by the index that was made with it", [...builds, first(fifth)], [4]],
        [
            "keeps it after deploys, whatever they released",
            [build(1), build(2, "deployed-dev"), build(3), build(4, "deployed-dev-previous"), fifth, first(fifth)],
            [],
        ],
        [
            "deletes the index when the tag has gone on with a replaced target, and then the image",
            [...builds, { ...first(fifth), tags: [], age: 8 }, first(builds[3]!)],
            [8],
        ],
        ["deletes a build again that is deployed no more", [build(1), build(2), build(3), build(4, "git-a")], [4]],
        ["keeps caches that were written lately", [{ tags: ["cache-main-amd64"], age: 30 }], []],
        ["deletes caches that nobody wrote", [{ tags: ["cache-old-amd64"], age: 31 }], [31]],
        ["keeps pinned stages however old", [{ tags: ["deps-1"], age: 900 }], []],
        ["keeps the newest pinned stages", [1, 2, 3, 4].map((age) => ({ tags: [`deps-${age}`], age })), [4]],
        [
            "deletes old manifests without a tag",
            [
                { tags: [], age: 7 },
                { tags: [], age: 8 },
            ],
            [8],
        ],
        [
            "keeps copies of tools for good, with the images of their platforms, which have no tag",
            [...copy, ...others],
            [900],
        ],
        [
            "deletes the images of platforms after an index that lost its tag",
            [{ ...copy[0]!, tags: [] }, ...copy.slice(1)],
            [800],
        ],
        ["keeps releases for good", [{ tags: ["v1.0.0"], age: 5000 }], []],
        [
            "keeps the newest commits whose content tag moved on",
            [1, 2, 3, 4].map((age) => ({ tags: [`git-${age}`], age })),
            [4],
        ],
        [
            "lets no number of caches push a build out",
            [...Array.from({ length: 200 }, () => ({ tags: ["cache-a"], age: 0 })), build(100), build(101), build(102)],
            [],
        ],
    ];
    for (const [what, images, deletedAges] of table) {
        it(what, () => {
            assert.deepEqual(
                expired(images).map((image) => image.age),
                deletedAges,
            );
        });
    }

    it("never deletes what is deployed, nor the newest builds, whatever else the repository holds", () => {
        const tag = fc.constantFrom("src-1", "src-2", "git-1", "cache-a", "deps-a", "deployed-dev", "tool-a", "v1");
        const image = fc.record({
            tags: fc.uniqueArray(tag, { maxLength: 3 }),
            age: fc.integer({ min: 0, max: 5000 }),
        });
        fc.assert(
            fc.property(fc.array(image, { maxLength: 12 }), (images) => {
                const gone = expired(images);
                const has = (one: StoredImage, prefix: string) => one.tags.some((name) => name.startsWith(prefix));
                assert.ok(gone.every((one) => !has(one, "deployed-")));
                const builds = images.filter((one) => has(one, "src-")).sort((a, b) => a.age - b.age);
                const newest = builds.slice(0, retention.builds);
                assert.ok(newest.every((one) => has(one, "cache-") || has(one, "deps-") || !gone.includes(one)));
                const stays = (name: string) => name === "v1" || name === "tool-a";
                assert.ok(gone.every((one) => !one.tags.every(stays) || one.tags.length === 0));
            }),
        );
    });
});
