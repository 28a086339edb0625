import assert from "node:assert/strict";
import type { ImagePlan } from "../../../../infra/build/buildTools/plan";
import { build, image, plannedFolders } from "./plannedFolder";

describe("the work folder of a build", () => {
    const planned = plannedFolders();

    const amd64 = "app\tamd64\timages/app/amd64\n";
    const arm64 = "app\tarm64\timages/app/arm64\n";
    const tests = "app\timages/app/tests\n";
    const cases: [
        what: string,
        plan: Partial<ImagePlan>,
        there: string[],
        registries: string[],
        expected: Record<string, string>,
    ][] = [
        [
            "both platforms, and joins them",
            {},
            [],
            ["registry"],
            { builds: amd64 + arm64, "tests-to-run": tests, joins: "app\n" },
        ],
        [
            "the platform that is missing",
            {},
            ["src-1-arm64"],
            ["registry"],
            { builds: amd64, "tests-to-run": tests, joins: "app\n" },
        ],
        [
            "nothing, and joins what others built",
            {},
            ["src-1-amd64", "src-1-arm64"],
            ["registry"],
            { builds: "", "tests-to-run": "", joins: "app\n" },
        ],
        [
            "the one platform of its task in a batch",
            { builds: [build("arm64")], isJoinedElsewhere: true, tests: undefined },
            [],
            ["registry"],
            { builds: arm64, "tests-to-run": "", joins: "" },
        ],
        [
            "nothing in a task whose platform is there",
            { builds: [build("arm64")], isJoinedElsewhere: true, tests: undefined },
            ["src-1-arm64"],
            [],
            { builds: "", joins: "" },
        ],
    ];
    for (const [what, changed, there, registries, expected] of cases) {
        it(`builds ${what}`, () => {
            const plan = { ...image, ...changed };
            const { work, read } = planned(plan, there);
            assert.deepEqual(work.writeBuilds([plan]), registries);
            assert.deepEqual(Object.fromEntries(Object.keys(expected).map((file) => [file, read(file)])), expected);
        });
    }

    it("builds and joins again what is there and was not built by this project", () => {
        const { work, read } = planned(image, ["src-1", "src-1-amd64", "src-1-arm64"], ["src-1-arm64"]);
        assert.equal(work.found.image(image), undefined);
        work.writeBuilds([image]);
        assert.deepEqual([read("builds"), read("joins")], [amd64, "app\n"]);
    });

    it("joins what it built with what it found", () => {
        const { work, read, write } = planned(image, ["src-1-arm64"]);
        write("images/app/amd64/progress.json", "{}");
        write("images/app/amd64/metadata.json", '{"containerimage.digest":"sha256:built"}');
        work.writeIndexes();
        const [built, found] = ["registry/shop@sha256:built", "registry/shop@sha256:src-1-arm64"];
        assert.equal(read("indexes"), `registry/shop:src-1\t${built}\t${found}\n`);
    });

    it("joins nothing in a task of a batch, nor what is joined already", () => {
        const task = { ...image, builds: [build("arm64")], isJoinedElsewhere: true };
        for (const { work, read } of [planned(task, []), planned(image, ["src-1"])]) {
            work.writeIndexes();
            assert.equal(read("indexes"), "");
        }
    });

    it("misses what was pushed and is not there", () => {
        const task = { ...image, builds: [build("arm64")], isJoinedElsewhere: true };
        assert.throws(() => planned(task, []).work.results(), {
            message: "Image app was pushed, but ECR does not have src-1-arm64.",
        });
        assert.throws(() => planned(image, ["src-1-amd64", "src-1-arm64"]).work.results(), {
            message: "Image app was pushed, but ECR does not have src-1.",
        });
    });
});
