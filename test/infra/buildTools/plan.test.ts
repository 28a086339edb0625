import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { RepositoryImage } from "../../../infra/plan/buildDefinition";
import type { GitReference } from "../../../infra/plan/cachePolicy";
import { writeTree } from "../temporaryFolder";
import { api, options, planner, policy, pushedLayers, repositoryUrl } from "./planner";

describe("planImages", () => {
    const { plan, dockerfile, context, tagOf } = planner("FROM scratch\n");

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
                        "--build-arg=A=with space",
                        "--build-arg=BASE_REGISTRY=public.ecr.aws/docker/library",
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
        const [build] = plan({ policy: { ...policy, cacheMode: "off" } })[0]!.builds;
        assert.deepEqual(build!.caches, []);
        assert.doesNotMatch(build!.arguments.join(" "), /cache-/);
    });

    it("builds several platforms under the tags of `pulumi up`, each with its cache", () => {
        const platforms: RepositoryImage["platforms"] = ["linux/amd64", "linux/arm64"];
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
        const platforms: RepositoryImage["platforms"] = ["linux/amd64", "linux/arm64"];
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

    it("tests on the first platform, with the image's cache, which it does not write", () => {
        const tested: RepositoryImage = { ...api, testTarget: "results", platforms: ["linux/amd64", "linux/arm64"] };
        assert.deepEqual(plan({ images: [tested] })[0]!.tests, {
            isElsewhere: false,
            arguments: [
                `--file=${dockerfile()}`,
                "--target=results",
                "--platform=linux/amd64",
                "--build-arg=A=with space",
                "--build-arg=BASE_REGISTRY=public.ecr.aws/docker/library",
                `--cache-from=type=registry,ref=${repositoryUrl}:cache-main-amd64`,
                context(),
            ],
        });
        assert.equal(plan({ images: [tested], platform: "linux/arm64" })[0]!.tests!.isElsewhere, true);
    });

    it("lets images by gzip have layers by gzip only, also in their cache", () => {
        const [image] = plan({ images: [{ ...api, compression: "gzip" }] });
        const gzip = "compression=gzip,force-compression=true";
        assert.equal(image!.tag, tagOf({ compression: "gzip" }));
        assert.deepEqual(
            image!.builds[0]!.arguments.filter((one) => /^--(output|cache-to)=/.test(one)),
            [
                `--cache-to=type=registry,ref=${repositoryUrl}:cache-main-amd64,${options.replace("compression=zstd", gzip)}`,
                `--output=type=image,name=${repositoryUrl}:${image!.tag},push=true,${gzip},oci-mediatypes=true`,
            ],
        );
    });

    it("passes target and rebuild key on", () => {
        const [image] = plan({ images: [{ ...api, target: "server" }], policy: { ...policy, rebuildKey: "2026" } });
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

    it("refuses links that lead out of the source, and a context that git takes for a repository", () => {
        plan();
        const source = path.dirname(path.dirname(context()));
        const outside = fs.mkdtempSync(path.join(os.tmpdir(), "outside-"));
        try {
            writeTree(outside, { Dockerfile: "FROM scratch\n" });
            writeTree(source, { linked: `-> ${outside}`, repository: "-> services/repository" });
            writeTree(path.join(source, "services/repository"), { Dockerfile: "", HEAD: "", "objects/": "" });
            const of = (folder: string) => [{ ...api, context: folder, dockerfile: `${folder}/Dockerfile` }];
            const reason = "which image api is built from, is a symbolic link that leads out of the source";
            const remedy = "put what it is meant to name into the source.";
            assert.throws(() => plan({ images: of("linked") }), { message: `linked, ${reason}; ${remedy}` });
            assert.throws(() => plan({ images: [{ ...api, dockerfile: "linked/Dockerfile" }] }), {
                message: `linked/Dockerfile, ${reason}; ${remedy}`,
            });
            assert.throws(() => plan({ images: of("repository") }), {
                message:
                    "The build context of image api is repository; allowed: a folder that is no Git repository of its own, as HEAD and objects make it one.",
            });
        } finally {
            fs.rmSync(outside, { recursive: true });
        }
    });
});
