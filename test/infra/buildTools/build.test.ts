import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { buildImages } from "../../../infra/buildTools/build";
import type { ImageState } from "../../../infra/buildTools/buildState";
import type { ImagePlan } from "../../../infra/buildTools/plan";
import type { PinnedBuild } from "../../../infra/buildTools/planPinnedStages";
import { temporaryFolder, writeTree } from "../temporaryFolder";
import { build, builtImage, filling, image, imageState, pinned } from "./imageStates";
import { type Name, NotingBuildx } from "./notingBuildx";

describe("the builds of CodeBuild", () => {
    const folder = temporaryFolder();

    /** Makes an image of one platform, whose pinned stage carries a folder. */
    function plan(name: string, changes: Partial<PinnedBuild> = {}): ImagePlan {
        const stage = { ...pinned, filling, arguments: [`${name}-source`], ...changes };
        const one = { ...build("amd64", [stage]), tag: "src-1", arguments: [`${name}-source`] };
        const tests = { isElsewhere: false, arguments: ["test-context", `${name}-source`] };
        return { ...image, name, builds: [one], tests };
    }

    /** Builds images of which only the stages' previous images exist. */
    async function run(
        plans: ImagePlan[],
        { parallelBuilds = 2, failing = [] as Name[], there = [] as string[] } = {},
    ) {
        const buildx = new NotingBuildx(failing);
        const log: string[] = [];
        const images = plans.map((one) => imageState(one, ["deps-last-main-1", ...there]));
        writeTree(path.join(folder.path, "tests"), { "junit.xml": "<testsuite><testcase/></testsuite>" });
        const target = {
            buildx,
            proofs: buildx.proofs,
            folder: folder.path,
            parallelBuilds,
            log: (line: string) => log.push(line),
        };
        const ended = await buildImages(images, target).then(
            () => "ended",
            (error: Error) => error.message,
        );
        const begun = buildx.events.flatMap((event) => /^begin (.*)/.exec(event)?.[1] ?? []);
        return { buildx, begun, log, images, ended };
    }

    it("go through mounts, stages, caches, tests and images: each round ends before the next one begins", async () => {
        const { buildx, ended } = await run([plan("a"), plan("b")]);
        const pairs = (round: string) => {
            const together = [`begin ${round} a`, `begin ${round} b`, `end ${round} a`, `end ${round} b`];
            const apart = [`begin ${round} a`, `end ${round} a`, `begin ${round} b`, `end ${round} b`];
            return ["fill", "cache"].includes(round) ? apart : together;
        };
        assert.equal(ended, "ended");
        const events = buildx.events.filter((event) => !event.startsWith("prove"));
        assert.deepEqual(events, ["fill", "stage", "cache", "test", "image"].flatMap(pairs));
    });

    const filled = { ...filling, to: "registry/shop:deps-last-main-1" };
    const proofs: [what: string, changes: Partial<PinnedBuild>, failing: Name[], proofs: string[]][] = [
        ["prove a stage as soon as it is pushed", {}, [], ["shop:deps-1 sha256:stage-a"]],
        [
            "prove it by both its names where the next one is filled from it",
            { filling: filled },
            [],
            ["shop:deps-1 sha256:stage-a, shop:deps-last-main-1 sha256:stage-a"],
        ],
        ["prove a stage whose tests fail", {}, ["test a"], ["shop:deps-1 sha256:stage-a"]],
        ["prove a stage whose image fails", {}, ["image a"], ["shop:deps-1 sha256:stage-a"]],
        ["prove no stage that failed", {}, ["stage a"], []],
        ["prove nothing that a pull request built", { pushed: undefined }, [], []],
    ];
    for (const [what, changes, failing, expected] of proofs) {
        it(what, async () => {
            const { events } = (await run([plan("a", changes)], { failing })).buildx;
            const proven = events.filter((event) => event.startsWith("prove "));
            assert.deepEqual(
                proven,
                expected.map((one) => `prove ${one}`),
            );
            if (expected.length > 0) assert.equal(events[events.indexOf("end stage a") + 1], proven[0]);
        });
    }

    it("are as many at once as they may be, but for mounts and caches", async () => {
        const { buildx } = await run(
            ["a", "b", "c", "d"].map((name) => plan(name)),
            { parallelBuilds: 3 },
        );
        assert.deepEqual(buildx.most, { fill: 1, stage: 3, cache: 1, test: 3, image: 3 });
    });

    const rounds: [what: string, plan: Partial<PinnedBuild>, there: string[], begun: Name[]][] = [
        [
            "a stage whose mounts have no last image",
            { filling: undefined },
            [],
            ["stage a", "cache a", "test a", "image a"],
        ],
        ["a stage that writes no caches", { caching: [] }, [], ["fill a", "stage a", "test a", "image a"]],
        ["a stage that is there", {}, ["deps-1"], ["test a", "image a"]],
        ["a stage of a pull request", { pushed: undefined }, [], ["test a", "image a"]],
        ["an image that is there", {}, ["src-1"], []],
    ];
    for (const [what, changes, there, begun] of rounds) {
        it(`are ${begun.join(", ") || "none"} for ${what}`, async () => {
            const result = await run([plan("a", changes)], { there });
            assert.deepEqual([result.begun, result.ended], [begun, "ended"]);
        });
    }

    const sorry = "failed: buildx ended with 1.";
    const failures: [what: string, parallelBuilds: number, failing: Name[], begun: Name[], ended: string][] = [
        [
            "go on without a mount that could not be filled",
            1,
            ["fill a"],
            ["fill a", "fill b", "stage a", "stage b", "cache a", "cache b", "test a", "test b", "image a", "image b"],
            "ended",
        ],
        [
            "end with a stage: the caches of those that were pushed are written",
            2,
            ["stage a"],
            ["fill a", "fill b", "stage a", "stage b", "cache b"],
            `Building stage deps of a for amd64 ${sorry}`,
        ],
        [
            "begin no further stage once one has failed",
            1,
            ["stage a"],
            ["fill a", "fill b", "stage a"],
            `Building stage deps of a for amd64 ${sorry}`,
        ],
        [
            "keep the caches of stages when a test build fails",
            2,
            ["test b"],
            ["fill a", "fill b", "stage a", "stage b", "cache a", "cache b", "test a", "test b"],
            `Testing b ${sorry}`,
        ],
        [
            "begin no further image once one has failed",
            1,
            ["image a"],
            ["fill a", "fill b", "stage a", "stage b", "cache a", "cache b", "test a", "test b", "image a"],
            `Building a for amd64 ${sorry}`,
        ],
    ];
    for (const [what, parallelBuilds, failing, begun, ended] of failures) {
        it(what, async () => {
            const result = await run([plan("a"), plan("b")], { parallelBuilds, failing });
            assert.deepEqual([result.begun, result.ended], [begun, ended]);
        });
    }

    it("build no image when a test failed", async () => {
        writeTree(path.join(folder.path, "tests"), {
            "a/b.xml": "<testsuite><testcase><error/></testcase></testsuite>",
        });
        const { begun, ended } = await run([plan("a", { pushed: undefined })]);
        assert.deepEqual(begun, ["test a"]);
        assert.equal(ended, "1 of 2 tests failed, so no image is built; the report has them.");
    });

    it("say what they do; a line has no label where it can be of one build only", async () => {
        const { log } = await run([plan("a")]);
        assert.deepEqual(log, [
            "Filling cache mounts of stage deps from its last image",
            "progress of fill a",
            "Building stage deps of a for amd64",
            "progress of stage a",
            "Writing the caches of stage deps",
            "progress of cache a",
            "Testing a",
            "progress of test a",
            "Test results: 1, 0 failed",
            "Building a for amd64",
            "progress of image a",
        ]);
    });

    it("say of each line which build it is of, where there are several", async () => {
        const { log } = await run([plan("a"), plan("b")], { parallelBuilds: 1, failing: ["fill b"] });
        assert.deepEqual(log.slice(0, 7), [
            "a amd64 deps | Filling cache mounts of stage deps from its last image",
            "a amd64 deps | progress of fill a",
            "b amd64 deps | Filling cache mounts of stage deps from its last image",
            "b amd64 deps | progress of fill b",
            "b amd64 deps | They could not be filled; all is installed anew.",
            "a amd64 deps | Building stage deps of a for amd64",
            "a amd64 deps | progress of stage a",
        ]);
        assert.deepEqual(log.slice(-2), ["b amd64 | Building b for amd64", "b amd64 | progress of image b"]);
    });

    it("get what they are built from: files of the stage, its last image, and the stage in the image", async () => {
        const { buildx, images } = await run([plan("a")]);
        const stage = path.join(folder.path, "stages/a/amd64/deps");
        const read = (file: string) => fs.readFileSync(path.join(stage, file), "utf8");
        assert.deepEqual(["Dockerfile", "Dockerfile.dockerignore", "filling/Dockerfile"].map(read), [
            pinned.stage.dockerfile,
            pinned.stage.ignore,
            filling.dockerfile,
        ]);
        const inPlace = "--build-context=deps=docker-image://registry/shop@sha256:stage-a";
        assert.deepEqual(buildx.arguments, {
            "fill a": [
                "--build-context=last-image=docker-image://registry/shop@sha256:deps-last-main-1",
                "--no-cache",
                path.join(stage, "filling"),
            ],
            "stage a": ["--push", `--file=${path.join(stage, "Dockerfile")}`, "a-source"],
            "cache a": ["--cache", "--only", `--file=${path.join(stage, "Dockerfile")}`, "a-source"],
            "test a": [
                `--output=type=local,dest=${path.join(folder.path, "tests/a")}`,
                inPlace,
                "test-context",
                "a-source",
            ],
            "image a": [inPlace, "a-source"],
        });
        const built: ImageState["built"] = {
            "amd64/deps": builtImage("sha256:stage-a"),
            amd64: builtImage("sha256:image-a"),
        };
        assert.deepEqual(images[0]!.built, built);
    });
});
