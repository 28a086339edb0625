import assert from "node:assert/strict";
import * as path from "node:path";
import { type ImageDefinition, planImages, type PlanInput } from "../../../../infra/build/buildTools/plan";
import { branchCacheTag, type GitReference } from "../../../../infra/image/cachePolicy";
import { contentTag } from "../../../../infra/image/contentTag";
import { pinStages } from "../../../../infra/image/pinned";
import { hostPlatform } from "../../../../infra/image/platform";
import { temporaryFolder, writeTree } from "../../temporaryFolder";

const repositoryUrl = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop/api";
const api: ImageDefinition = {
    name: "api",
    repositoryUrl,
    context: "services/api",
    dockerfile: "services/api/Dockerfile",
    buildArgs: { BASE_REGISTRY: "public.ecr.aws/docker/library", A: "with space" },
    platforms: ["linux/amd64"],
    compression: "zstd",
};
const options = "mode=max,image-manifest=true,oci-mediatypes=true,ignore-error=true,compression=zstd";
const pushedLayers = "push=true,compression=zstd,oci-mediatypes=true";

describe("planImages", () => {
    const folder = temporaryFolder();

    function plan(extra: Partial<PlanInput> = {}) {
        writeTree(path.join(folder.path, "services/api"), { Dockerfile: "FROM scratch\n", file: "1" });
        return planImages({
            images: [api],
            source: folder.path,
            reference: { kind: "branch", name: "main" },
            defaultBranch: "main",
            cacheMode: "max",
            rebuildKey: "",
            ...extra,
        });
    }

    const dockerfile = () => path.join(folder.path, api.dockerfile);
    const context = () => path.join(folder.path, api.context);
    const tagOf = (extra: object = {}) =>
        contentTag({ ...api, context: context(), dockerfile: dockerfile(), rebuildKey: "", ...extra });

    it("finds the tag of `pulumi up`, and builds with its inputs", () => {
        const [image] = plan({ commit: "a".repeat(40) });
        const tag = tagOf();
        assert.deepEqual(image, {
            name: "api",
            repositoryUrl,
            tag,
            commitTag: `git-${"a".repeat(40)}`,
            builds: [
                {
                    architecture: "amd64",
                    tag,
                    pushed: `${repositoryUrl}:${tag}`,
                    caches: [`${repositoryUrl}:cache-main-amd64`],
                    arguments: [
                        `--file=${dockerfile()}`,
                        "--platform=linux/amd64",
                        "--build-arg=BASE_REGISTRY=public.ecr.aws/docker/library",
                        "--build-arg=A=with space",
                        `--cache-from=type=registry,ref=${repositoryUrl}:cache-main-amd64`,
                        `--cache-to=type=registry,ref=${repositoryUrl}:cache-main-amd64,${options}`,
                        "--provenance=false",
                        `--output=type=image,name=${repositoryUrl}:${tag},${pushedLayers}`,
                        context(),
                    ],
                    pinned: [],
                },
            ],
            isJoinedElsewhere: false,
        });
    });

    const references: [reference: GitReference, from: string[], to: string[], isPushed: boolean][] = [
        [{ kind: "branch", name: "main" }, ["main"], ["main"], true],
        [{ kind: "branch", name: "feature" }, ["feature", "main"], ["feature"], true],
        [{ kind: "tag" }, ["main"], [], true],
        [{ kind: "pullRequest" }, ["main"], [], false],
    ];
    for (const [reference, from, to, isPushed] of references) {
        it(`gives ${JSON.stringify(reference)} its caches, and ${isPushed ? "pushes" : "pushes nothing"}`, () => {
            const [image] = plan({ reference, commit: "a".repeat(40) });
            const [build] = image!.builds;
            const cacheTag = (flag: string) =>
                build!.arguments.flatMap(
                    (one) => new RegExp(`^--cache-${flag}=.*:cache-(\\w+)-amd64`).exec(one)?.[1] ?? [],
                );
            assert.deepEqual([cacheTag("from"), cacheTag("to")], [from, to]);
            assert.equal(build!.pushed !== undefined, isPushed);
            assert.equal(image!.commitTag !== undefined, isPushed);
            const output = build!.arguments.find((one) => one.startsWith("--output="));
            const expected = isPushed
                ? `type=image,name=${repositoryUrl}:${image!.tag},${pushedLayers}`
                : "type=cacheonly";
            assert.equal(output, `--output=${expected}`);
        });
    }

    it("uses no cache with mode off", () => {
        const [build] = plan({ cacheMode: "off" })[0]!.builds;
        assert.deepEqual(build!.caches, []);
        assert.doesNotMatch(build!.arguments.join(" "), /cache-/);
    });

    it("builds several platforms under the tags of `pulumi up`, each with its cache", () => {
        const platforms: ImageDefinition["platforms"] = ["linux/amd64", "linux/arm64"];
        const [image] = plan({ images: [{ ...api, platforms }] });
        const tag = tagOf({ platforms });
        assert.equal(image!.tag, tag);
        assert.deepEqual(
            image!.builds.map(({ architecture, pushed, caches }) => ({ architecture, pushed, caches })),
            ["amd64", "arm64"].map((architecture) => ({
                architecture,
                pushed: `${repositoryUrl}:${tag}-${architecture}`,
                caches: [`${repositoryUrl}:cache-main-${architecture}`],
            })),
        );
    });

    it("builds one platform in a task of a batch, under the same tag, and leaves the joining to another", () => {
        const platforms: ImageDefinition["platforms"] = ["linux/amd64", "linux/arm64"];
        const [image] = plan({ images: [{ ...api, platforms }], platform: "linux/arm64" });
        assert.equal(image!.tag, tagOf({ platforms }));
        assert.equal(image!.isJoinedElsewhere, true);
        assert.deepEqual(
            image!.builds.map(({ architecture }) => architecture),
            ["arm64"],
        );
    });

    it("builds an image of one platform in the task of that platform, and needs no joining", () => {
        const [here, elsewhere] = (["linux/amd64", "linux/arm64"] as const).map((platform) => plan({ platform })[0]!);
        assert.deepEqual([here!.builds.length, here!.isJoinedElsewhere], [1, false]);
        assert.deepEqual([elsewhere!.builds.length, elsewhere!.isJoinedElsewhere], [0, false]);
    });

    describe("with pinned stages", () => {
        const pinnedApi: ImageDefinition = { ...api, pinnedStages: ["deps"] };
        const text = "FROM scratch AS deps\nARG A\nCOPY lock /\nFROM deps\nCOPY file /\n";

        function planPinned(extra: Partial<PlanInput> = {}, dockerfile = text) {
            writeTree(path.join(folder.path, "services/api"), { Dockerfile: dockerfile, file: "1", lock: "1" });
            return planImages({
                images: [pinnedApi],
                source: folder.path,
                reference: { kind: "branch", name: "main" },
                defaultBranch: "main",
                cacheMode: "max",
                rebuildKey: "",
                ...extra,
            })[0]!;
        }

        it("builds and pushes them as `pulumi up` does, and keeps the tag of the image", () => {
            const image = planPinned();
            const [stage] = pinStages({
                ...pinnedApi,
                context: context(),
                dockerfile: dockerfile(),
                rebuildKey: "",
                pinnedStages: ["deps"],
                platform: "linux/amd64",
                buildPlatform: hostPlatform(),
            });
            const byBranch = branchCacheTag("main:deps", "linux/amd64");
            const caches = [`cache-${stage!.tag}`, byBranch, "cache-main-amd64"].map(
                (tag) => `${repositoryUrl}:${tag}`,
            );
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
                    arguments: [
                        "--no-cache",
                        "--platform=linux/amd64",
                        "--provenance=false",
                        "--output=type=cacheonly",
                    ],
                });
            });

            it("are filled from the default branch's, and leave it alone, where no branch is built", () => {
                for (const kind of ["tag", "pullRequest"] as const) {
                    const { stage, pushed, pushing, filling } = stageOf({ reference: { kind } });
                    assert.deepEqual(filling!.from, [`${repositoryUrl}:deps-last-main-${stage.recipe}`]);
                    assert.equal(filling!.to, undefined);
                    const output =
                        pushed === undefined ? "type=cacheonly" : `type=image,name=${pushed},${pushedLayers}`;
                    assert.equal(pushing.at(-1), `--output=${output}`);
                }
            });
        });

        it("writes no caches of them where caches are off", () => {
            const [pinned] = planPinned({ cacheMode: "off" }).builds[0]!.pinned;
            assert.deepEqual(pinned!.caching, []);
        });

        it("pushes none for a pull request", () => {
            const [pinned] = planPinned({ reference: { kind: "pullRequest" } }).builds[0]!.pinned;
            assert.equal(pinned!.pushed, undefined);
        });

        it("says which image has a stage that cannot be pinned", () => {
            assert.throws(() => planPinned({ images: [{ ...pinnedApi, pinnedStages: ["base"] }] }), {
                message: 'services/api/Dockerfile of image api: it has no stage "base"; there are deps, 1.',
            });
        });
    });

    it("tests on the first platform, with the image's cache, which it does not write", () => {
        const tested: ImageDefinition = { ...api, testTarget: "results", platforms: ["linux/amd64", "linux/arm64"] };
        assert.deepEqual(plan({ images: [tested] })[0]!.tests, {
            arguments: [
                `--file=${dockerfile()}`,
                "--target=results",
                "--platform=linux/amd64",
                "--build-arg=BASE_REGISTRY=public.ecr.aws/docker/library",
                "--build-arg=A=with space",
                `--cache-from=type=registry,ref=${repositoryUrl}:cache-main-amd64`,
                context(),
            ],
        });
        assert.equal(plan({ images: [tested], platform: "linux/arm64" })[0]!.tests, undefined);
    });

    it("lets images by gzip have layers by gzip only, also in their cache", () => {
        const [image] = plan({ images: [{ ...api, compression: "gzip" }] });
        const gzip = "compression=gzip,force-compression=true";
        assert.equal(image!.tag, tagOf({ compression: "gzip" }));
        assert.deepEqual(
            image!.builds[0]!.arguments.filter((one) => /^--(output|cache-to)=/.test(one)),
            [
                `--cache-to=type=registry,ref=${repositoryUrl}:cache-main-amd64,${options.replace("compression=zstd", gzip)}`,
                `--output=type=image,name=${repositoryUrl}:${image!.tag},push=true,${gzip}`,
            ],
        );
    });

    it("passes target and rebuild key on", () => {
        const [image] = plan({ images: [{ ...api, target: "server" }], rebuildKey: "2026" });
        assert.equal(image!.tag, tagOf({ target: "server", rebuildKey: "2026" }));
        assert.ok(image!.builds[0]!.arguments.includes("--target=server"));
    });

    it("gives no commit's tag where there is no commit", () => {
        assert.equal("commitTag" in plan()[0]!, false);
    });

    it("refuses a source without the context or the Dockerfile", () => {
        assert.throws(() => plan({ images: [{ ...api, context: "nowhere" }] }), {
            message: "The source has no folder nowhere, the build context of image api.",
        });
        assert.throws(() => plan({ images: [{ ...api, dockerfile: "services/api" }] }), {
            message: "The source has no file services/api, the Dockerfile of image api.",
        });
    });
});
