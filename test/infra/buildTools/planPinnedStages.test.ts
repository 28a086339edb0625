import assert from "node:assert/strict";
import * as path from "node:path";
import type { PlanInput } from "../../../infra/buildTools/planInput";
import type { RepositoryImage } from "../../../infra/plan/buildDefinition";
import { branchCacheTag } from "../../../infra/plan/cachePolicy";
import { pinnedSourceOf } from "../../../infra/plan/pinned/pinnedSource";
import { pinStages } from "../../../infra/plan/pinned/pinnedStages";
import { api, options, planner, policy, pushedLayers, repositoryUrl } from "./planner";

describe("planPinnedStages", () => {
    const pinnedApi: RepositoryImage = { ...api, pinnedStages: [{ name: "deps" }] };
    const { plan, context, tagOf } = planner("FROM scratch AS deps\nARG A\nCOPY lock /\nFROM deps\nCOPY file /\n");
    const planPinned = (extra: Partial<PlanInput> = {}, text?: string) =>
        plan({ images: [pinnedApi], ...extra }, text)[0]!;

    it("builds and pushes them as `pulumi up` does, and keeps the tag of the image", () => {
        const image = planPinned();
        const sourceRoot = path.dirname(path.dirname(context()));
        const [stage] = pinStages(pinnedSourceOf({ spec: pinnedApi, policy, sourceRoot }, "linux/amd64"));
        const byBranch = branchCacheTag("main:deps", "linux/amd64");
        const caches = [`cache-${stage!.tag}`, byBranch, "cache-main-amd64"].map((tag) => `${repositoryUrl}:${tag}`);
        assert.equal(image.tag, tagOf());
        assert.deepEqual(image.builds[0]!.pinned, [
            {
                stage,
                pushed: `${repositoryUrl}:${stage!.tag}`,
                caches,
                arguments: [
                    "--target=deps",
                    "--platform=linux/amd64",
                    "--build-arg=A=with space",
                    ...caches.map((ref) => `--cache-from=type=registry,ref=${ref}`),
                    context(),
                ],
                pushing: [
                    "--provenance=false",
                    `--output=type=image,name=${repositoryUrl}:${stage!.tag},${pushedLayers}`,
                ],
                caching: [
                    ...caches.slice(0, 2).map((ref) => `--cache-to=type=registry,ref=${ref},${options}`),
                    "--provenance=false",
                    "--output=type=cacheonly",
                ],
            },
        ]);
    });

    it("build the layers of packages, whose cache keeps the result only", () => {
        const pinnedStages = [{ name: "deps", layers: ["/srv/packages"] }];
        const [pinned] = planPinned({ images: [{ ...api, pinnedStages }] }).builds[0]!.pinned;
        assert.equal(pinned!.arguments[0], "--target=deps.layers");
        const written = pinned!.caching.filter((one) => one.startsWith("--cache-to="));
        assert.deepEqual(
            written.map((one) => /mode=\w+/.exec(one)![0]),
            ["mode=min"],
        );
    });

    it("leave the image a cache of its own, by which an unchanged copy stays the layer that it was", () => {
        const cache = `${repositoryUrl}:cache-main-amd64`;
        assert.deepEqual(
            planPinned().builds[0]!.arguments.filter((one) => one.startsWith("--cache-")),
            [`--cache-from=type=registry,ref=${cache}`, `--cache-to=type=registry,ref=${cache},${options}`],
        );
    });

    describe("that carry a folder", () => {
        const carrying =
            "FROM scratch AS deps\nRUN --mount=type=cache,id=deps:/a,target=/last x\nFROM deps\nCOPY file /\n";
        const stageOf = (extra: Partial<PlanInput> = {}) => planPinned(extra, carrying).builds[0]!.pinned[0]!;

        it("are pushed under the name by which the next one finds them, and filled from the last", () => {
            const { stage, pushing, filling } = stageOf();
            const last = `${repositoryUrl}:deps-last-main-${stage.recipe}`;
            assert.deepEqual(pushing, [
                "--provenance=false",
                `--output=type=image,"name=${repositoryUrl}:${stage.tag},${last}",${pushedLayers}`,
            ]);
            const { dockerfile, ...rest } = filling!;
            assert.match(dockerfile, /^FROM last-image\n/);
            assert.deepEqual(rest, {
                from: [last],
                to: last,
                arguments: ["--no-cache", "--platform=linux/amd64", "--provenance=false", "--output=type=cacheonly"],
            });
        });

        it("are filled from the default branch's, and leave it alone, where no branch is built", () => {
            for (const kind of ["tag", "pullRequest"] as const) {
                const { stage, pushed, pushing, filling } = stageOf({ reference: { kind } });
                assert.deepEqual(filling!.from, [`${repositoryUrl}:deps-last-main-${stage.recipe}`]);
                assert.equal(filling!.to, undefined);
                const output = pushed === undefined ? "type=cacheonly" : `type=image,name=${pushed},${pushedLayers}`;
                assert.equal(pushing.at(-1), `--output=${output}`);
            }
        });
    });

    it("writes no caches of them where caches are off", () => {
        const [pinned] = planPinned({ policy: { ...policy, cacheMode: "off" } }).builds[0]!.pinned;
        assert.deepEqual(pinned!.caching, []);
    });

    it("pushes none for a pull request", () => {
        const [pinned] = planPinned({ reference: { kind: "pullRequest" } }).builds[0]!.pinned;
        assert.equal(pinned!.pushed, undefined);
    });

    it("says which image has a stage that cannot be pinned", () => {
        assert.throws(() => planPinned({ images: [{ ...pinnedApi, pinnedStages: [{ name: "base" }] }] }), {
            message: 'services/api/Dockerfile of image api: it has no stage "base"; there are deps, 1.',
        });
    });
});
